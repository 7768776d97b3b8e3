import { refused } from '@fintech-ledger/contract';
import type { CodeOf } from '@fintech-ledger/contract';
import type { BookingLine, DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { pair } from '../bookings';
import { ownerAccount, platformOwner } from '../chart';
import { booked, decided, shortForRefund, showing } from '../decision';
import type { PaymentsDecision } from '../decision';
import { disputeNotFound, disputeUnexpectedState } from '../disputes/dispute-refusals';
import { showDispute } from '../disputes/show-dispute';
import type { PaymentEvent } from '../events';
import type { PaymentFacts } from '../facts';
import { disputeOf, paymentOf, splitOf } from '../records';
import type { PaymentsView } from '../records';
import { backOf, sharesGiven, sharesTaken } from './return-shares';
import type { ReverseSplit } from './split-commands';
import { reversalExceedsDispute, splitNotFound } from './split-refusals';
import type { splitCommandRefusals } from './split-refusals';

/* What the parties of a split give back of a dispute that was lost, and have again when it is won after all. */

type View = PaymentsView & SharedView;
type Refusals = CodeOf<(typeof splitCommandRefusals)['ReverseSplit']>;

const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** As a refund of that amount would take it back: of what is pending of each share, then of what its account has. */
export function reverseSplit(
  view: View,
  { amount: asked, dispute: disputeId, splitId }: ReverseSplit,
  context: DecideContext,
): PaymentsDecision<Refusals> {
  const split = splitOf(view, splitId);
  const payment = split && paymentOf(view, split.payment);
  if (split === undefined || payment === undefined)
    return refused(splitNotFound, `There is no split ${splitId}.`);
  const dispute = disputeOf(view, disputeId);
  if (dispute?.payment !== payment.id) {
    const why = `There is no dispute ${disputeId} of payment ${payment.id}.`;
    return refused(disputeNotFound, why, '/dispute');
  }
  if (dispute.status !== 'lost') {
    const why = `Dispute ${disputeId} is ${dispute.status}: nothing of it is lost.`;
    return showing(refused(disputeUnexpectedState, why, '/dispute'), { dispute: showDispute(dispute) });
  }
  const back = backOf(split);
  const { amountCaptured, amountRefunded, currency } = payment;
  const refunded = BigInt(amountRefunded);
  // A refund under way counts already, whatever its rail says of the dispute.
  const most = lesser(BigInt(dispute.amount), BigInt(amountCaptured) - refunded);
  const left = most - (back - refunded);
  const amount = asked === undefined ? left : BigInt(asked);
  if (amount > left || left <= 0n) {
    const amountLeft = String(left > 0n ? left : 0n);
    const why = `${amountLeft} ${currency} of dispute ${disputeId} is left to take back, ${amount} is asked for.`;
    return refused(reversalExceedsDispute, why, '/amount', { amount_left: amountLeft });
  }
  const taken = sharesTaken(view, payment, split, back + amount);
  for (const { account, amount: of } of taken.takes) {
    const short = shortForRefund(view, account, currency, of);
    if (short !== undefined) return short;
  }
  const lines = linesOr(taken.lines, currency, amount);
  const facts = booked(view, lines, `Reversal of split ${splitId}`, context);
  const { sharesReversed: shares = [] } = taken;
  const reversal = { amount: String(amount), dispute: disputeId, shares };
  const after = { payment: taken.payment, reversal, split: taken.split ?? split };
  return decided({ type: 'SplitReversed', data: { ...facts, ...after } });
}

/** Where all of it is of the platform's own share, it is booked on its own balance. */
function linesOr(lines: readonly BookingLine[], currency: string, amount: bigint): readonly BookingLine[] {
  const own = ownerAccount(platformOwner, 'available', currency);
  return lines.length > 0 ? lines : pair(own, own, amount, currency);
}

/**
 * What the parties have again before a dispute of their payment is won that was taken for lost; nothing: they gave
 * nothing back of it.
 */
export function restoredShares(
  view: View,
  payment: PaymentFacts,
  dispute: { readonly amount: string; readonly id: string },
  context: DecideContext,
): Extract<PaymentEvent, { readonly type: 'SplitRestored' }> | undefined {
  const split = payment.split === undefined ? undefined : splitOf(view, payment.split);
  if (split === undefined) return undefined;
  const refunded = BigInt(payment.amountRefunded);
  const reversed = backOf(split) - refunded;
  const lostStill = BigInt(payment.amountDisputed ?? '0') - BigInt(dispute.amount);
  const stays = lesser(reversed, lostStill);
  if (reversed === stays) return undefined;
  const given = sharesGiven(view, payment, split, refunded + stays);
  const lines = linesOr(given.lines, payment.currency, reversed - stays);
  const facts = booked(view, lines, `Split ${split.id} after dispute ${dispute.id}`, context);
  const reversal = {
    amount: String(reversed - stays),
    dispute: dispute.id,
    shares: given.sharesAgain ?? [],
  };
  const after = { payment: given.payment, reversal, split: given.split ?? split };
  return { type: 'SplitRestored', data: { ...facts, ...after } };
}
