import { BrokenInvariant } from '@fintech-ledger/contract';
import type { DecideContext } from '@fintech-ledger/ledger/domain';
import { platformOwner } from '../chart';
import { movedAs } from '../charges/charge-bookings';
import type { PaymentFacts } from '../facts';
import { allocate } from './allocate';
import type { PartyFacts } from './party';
import type { ShareMove } from './split-bookings';
import type { SplitFacts, SplitRuleRef } from './split-facts';

/** How something is to be split. */
export interface SplitPlan {
  readonly parties: readonly PartyFacts[];
  /** Null: the parties were said with it. */
  readonly rule: SplitRuleRef | null;
}
/** The connected accounts among parties, each once. */
export const accountsOf = (parties: readonly PartyFacts[]): readonly string[] => [
  ...new Set(parties.map(({ account }) => account).filter((account) => account !== platformOwner)),
];

interface Made {
  readonly moves: readonly ShareMove[];
  readonly payment: PaymentFacts;
  readonly split: SplitFacts;
}
type Said = Pick<SplitFacts, 'description' | 'metadata'>;

/**
 * What becomes of a captured payment when it is split: what its owner has pending of it is less by what others get.
 * @param isPending whether it is settled later @throws BrokenInvariant there is not enough, which was judged before
 */
export function splitInto(
  { splitParties: _splitParties, ...payment }: PaymentFacts,
  { parties, rule }: SplitPlan,
  isPending: boolean,
  { newId, now }: DecideContext,
  {
    said = { description: null, metadata: {} },
    index = 0,
  }: { readonly said?: Said; readonly index?: number } = {},
): Made {
  const { amountCaptured: amount, currency, livemode } = payment;
  const allocation = allocate(BigInt(amount), parties);
  if (allocation.kind === 'short') throw new BrokenInvariant(`${payment.id} is short by ${allocation.by}`);
  const moves = parties.map(({ account }, i) => {
    const ofShare = allocation.shares[i]?.amount ?? 0n;
    return { account, ...movedAs(isPending && account !== platformOwner, ofShare) };
  });
  const id = newId('spl', index);
  const split: SplitFacts = {
    ...said,
    ...{ amount, createdAt: now, currency, id, livemode, payment: payment.id, rule },
    shares: parties.map((party, i) => ({
      ...party,
      amount: String(allocation.shares[i]?.amount ?? 0n),
      pending: String(moves[i]?.pending ?? 0n),
      refunded: '0',
    })),
  };
  const pending = moves.reduce((left, move) => left - move.pending, BigInt(payment.pending));
  return {
    moves,
    payment: {
      ...payment,
      pending: String(pending),
      split: id,
      splitAccounts: accountsOf(parties),
      ...(rule !== null && { splitRule: rule }),
    },
    split,
  };
}
