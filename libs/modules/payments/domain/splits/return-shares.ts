import { BrokenInvariant } from '@fintech-ledger/contract';
import { isUnsettled } from '../charges/charge';
import type { GivenBack, TakenFrom } from '../charges/given-back';
import { platformOwner } from '../chart';
import type { PaymentFacts, RefundFacts } from '../facts';
import { accountSettlementKey, accountSettlementOf, splitOf } from '../records';
import type { PaymentsView } from '../records';
import { shareLines } from './split-bookings';
import type { ShareMove } from './split-bookings';
import type { ShareFacts, SplitFacts } from './split-facts';
import { walkBack } from './walk-back';

/*
 * What comes back of a split with a refund, or after a dispute of its payment was lost. It depends on the total that
 * came back alone: see `walkBack`.
 */

const least = (...values: readonly bigint[]): bigint => values.reduce((a, b) => (a < b ? a : b));
const none = { fee: 0n, reversed: 0n } as const;

function splitOfPayment(view: PaymentsView, { id, split: splitId = '' }: PaymentFacts): SplitFacts {
  const split = splitOf(view, splitId);
  if (split === undefined) throw new BrokenInvariant(`${id} is split by ${splitId}, which is not there`);
  return split;
}
/** What came back of it so far: all that was refunded, and what was taken back of a lost dispute. */
export const backOf = ({ shares }: SplitFacts): bigint =>
  shares.reduce((sum, { refunded }) => sum + BigInt(refunded), 0n);

/** What each party has given back once so much came back. */
const targetsOf = ({ shares }: SplitFacts, total: bigint): readonly bigint[] =>
  walkBack(
    shares.map(({ amount }) => BigInt(amount)),
    total,
  );

/** With a refund; what a refund that left after all needs was perhaps taken back of a dispute before. */
export function sharesBackWith(view: PaymentsView, before: PaymentFacts, amount: bigint): GivenBack {
  const split = splitOfPayment(view, before);
  return sharesTaken(view, before, split, least(backOf(split) + amount, BigInt(split.amount)));
}

/**
 * Of what each account has pending of its share first, then of what it has available.
 * @param total what came back with it
 */
export function sharesTaken(
  view: PaymentsView,
  before: PaymentFacts,
  split: SplitFacts,
  total: bigint,
): GivenBack {
  const targets = targetsOf(split, total);
  const pendingOf = pendingLeft(view, before);
  const moves: ShareMove[] = [];
  const shares = split.shares.map((share, i): ShareFacts => {
    const refunded = targets[i] ?? 0n;
    const taken = refunded - BigInt(share.refunded);
    const pending = pendingOf(share, taken);
    moves.push({ account: share.account, available: pending - taken, pending: -pending });
    return { ...share, pending: String(BigInt(share.pending) - pending), refunded: String(refunded) };
  });
  const sharesReversed = moves.map((move) => String(-move.available - move.pending));
  return { ...moved(before, { ...split, shares }, moves), ...none, takes: takesOf(moves), sharesReversed };
}

/** What of a share is pending still: no more than its account's settlement has, less what was taken of that before. */
function pendingLeft(view: PaymentsView, payment: PaymentFacts): (share: ShareFacts, most: bigint) => bigint {
  const { attempt, availableOn, currency } = payment;
  const left = new Map<string, bigint>();
  return ({ account, pending }, most) => {
    if (attempt === null || availableOn === null || pending === '0') return 0n;
    if (!isUnsettled(view, account, payment)) return 0n;
    const key = accountSettlementKey(account, attempt.rail, currency, availableOn);
    const has = left.get(account) ?? BigInt(accountSettlementOf(view, key)?.amount ?? '0');
    const taken = least(BigInt(pending), most, has > 0n ? has : 0n);
    left.set(account, has - taken);
    return taken;
  };
}

/** As a refund failed: each party has again what the rule does not take for the refunds that remain. */
export function sharesAgainAfter(view: PaymentsView, before: PaymentFacts, refund: RefundFacts): GivenBack {
  const split = splitOfPayment(view, before);
  return sharesGiven(view, before, split, backOf(split) - BigInt(refund.amount));
}

/** Each party has again what the rule does not take for the total that remains. */
export function sharesGiven(
  view: PaymentsView,
  before: PaymentFacts,
  split: SplitFacts,
  total: bigint,
): GivenBack {
  const targets = targetsOf(split, total);
  const moves: ShareMove[] = [];
  const shares = split.shares.map((share, i): ShareFacts => {
    const refunded = targets[i] ?? 0n;
    const again = BigInt(share.refunded) - refunded;
    const isPending = share.account !== platformOwner && isUnsettled(view, share.account, before);
    const pending = isPending ? again : 0n;
    moves.push({ account: share.account, available: again - pending, pending });
    return { ...share, pending: String(BigInt(share.pending) + pending), refunded: String(refunded) };
  });
  const sharesAgain = moves.map(({ available, pending }) => String(available + pending));
  return { ...moved(before, { ...split, shares }, moves), ...none, takes: [], sharesAgain };
}

/** What the owner has pending of the payment is more by what others gave back, and nothing else changes of it. */
function moved(
  payment: PaymentFacts,
  split: SplitFacts,
  moves: readonly ShareMove[],
): Pick<GivenBack, 'lines' | 'payment' | 'split'> {
  const pending = moves.reduce((sum, move) => sum - move.pending, BigInt(payment.pending));
  return {
    lines: shareLines(payment.currency, moves),
    payment: { ...payment, pending: String(pending) },
    split,
  };
}

/** What each connected account needs available. */
function takesOf(moves: readonly ShareMove[]): readonly TakenFrom[] {
  const takes = new Map<string, bigint>();
  for (const { account, available } of moves)
    if (account !== platformOwner) takes.set(account, (takes.get(account) ?? 0n) - available);
  return [...takes].map(([account, amount]) => ({ account, amount }));
}
