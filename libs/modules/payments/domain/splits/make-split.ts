import { BrokenInvariant } from '@fintech-ledger/contract';
import type { DecideContext } from '@fintech-ledger/ledger/domain';
import { platformOwner } from '../chart';
import { movedAs } from '../charges/charge-bookings';
import type { PaymentFacts } from '../facts';
import { shapedPayment } from '../payment-shape';
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
  payment: PaymentFacts,
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
    const { available, pending } = movedAs(isPending && account !== platformOwner, ofShare);
    return { account, available, pending };
  });
  const id = newId('spl', index);
  const split: SplitFacts = {
    amount,
    createdAt: now,
    currency,
    description: said.description,
    id,
    livemode,
    metadata: said.metadata,
    payment: payment.id,
    rule,
    shares: parties.map((party, i) => ({
      account: party.account,
      amount: String(allocation.shares[i]?.amount ?? 0n),
      fixedAmount: party.fixedAmount,
      id: party.id,
      maxAmount: party.maxAmount,
      minAmount: party.minAmount,
      pending: String(moves[i]?.pending ?? 0n),
      refunded: '0',
      remainder: party.remainder,
      role: party.role,
      shareBps: party.shareBps,
    })),
  };
  const pending = moves.reduce((left, move) => left - move.pending, BigInt(payment.pending));
  return {
    moves,
    payment: shapedPayment({
      ...payment,
      pending: String(pending),
      split: id,
      splitAccounts: accountsOf(parties),
      splitParties: undefined,
      splitRule: rule ?? payment.splitRule,
    }),
    split,
  };
}
