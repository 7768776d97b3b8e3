import { refuse } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import { allocate, explained, refundExceeded, splitInvalid, walkBack } from '@fintech-ledger/payments/domain';
import type { PartyFacts, Share } from '@fintech-ledger/payments/domain';
import type { SplitRuleFacts } from './facts';
import type { SplitPreviewView } from './views';

type PreviewRefusal = Refusal<'split_invalid' | 'refund_exceeded'>;

/**
 * What a rule makes of an amount, and what refunds of it would take back, one after the other. Pure.
 * @param refunds amounts in minor units
 */
export function previewOf(
  rule: SplitRuleFacts,
  amount: bigint,
  refunds: readonly bigint[],
): SplitPreviewView | PreviewRefusal {
  const { parties } = rule;
  const allocation = allocate(amount, parties);
  if (allocation.kind === 'short') {
    const why = `Party ${parties[allocation.party]?.id}: the amount of ${amount} is short by ${allocation.by}.`;
    return refuse(splitInvalid, why, `/parties/${allocation.party}`);
  }
  const { shares } = allocation;
  const taken = refundsOf(shares, parties, amount, refunds);
  if ('code' in taken) return taken;
  return {
    object: 'split_preview',
    split_rule: rule.id,
    version: rule.version,
    amount: String(amount),
    currency: rule.currency,
    shares: parties.map((party, i) => explained(party, shares[i] as Share)),
    refunds: taken,
  };
}

function refundsOf(
  shares: readonly Share[],
  parties: readonly PartyFacts[],
  all: bigint,
  refunds: readonly bigint[],
): SplitPreviewView['refunds'] | PreviewRefusal {
  const got = shares.map(({ amount }) => amount);
  let total = 0n;
  let before: readonly bigint[] = got.map(() => 0n);
  const views: SplitPreviewView['refunds'][number][] = [];
  for (const amount of refunds) {
    total += amount;
    if (total > all)
      return refuse(refundExceeded, `Refunds of ${total} are more than ${all}.`, '/refund_amounts');
    const after = walkBack(got, total);
    const takes = parties.map(({ id: party }, i) => {
      const refunded = after[i] ?? 0n;
      return { party, amount: String(refunded - (before[i] ?? 0n)), refunded: String(refunded) };
    });
    views.push({ amount: String(amount), total: String(total), shares: takes });
    before = after;
  }
  return views;
}
