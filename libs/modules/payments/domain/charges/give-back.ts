import type { PaymentFacts, RefundFacts } from '../facts';
import { accountSettlementKey, accountSettlementOf, transferOf } from '../records';
import type { PaymentsView } from '../records';
import { sharesAgainAfter, sharesBackWith } from '../splits/return-shares';
import type { TransferFacts } from '../transfers/transfer-facts';
import { feeLeft, isUnsettled, partyOf, transferIdOf } from './charge';
import { givingBackLines, movedAs } from './charge-bookings';
import type { Moved } from './charge-bookings';
import type { GivenBack } from './given-back';

/*
 * What goes back with refunds that ask for it, in proportion and cumulatively: floor(x × refunded with that flag so far
 * / amount captured), less what went back before. So many small refunds give back what one large one would.
 */

const none = (payment: PaymentFacts): GivenBack => ({
  ...{ payment, lines: [], fee: 0n, reversed: 0n, takes: [] },
});
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const units = (value = '0'): bigint => BigInt(value);

function transferOfPayment(view: PaymentsView, payment: PaymentFacts): TransferFacts | undefined {
  const id = transferIdOf(payment);
  return id === undefined ? undefined : transferOf(view, id);
}

/** @param asked whether it is asked for */
export function givenBackWith(
  view: PaymentsView,
  before: PaymentFacts,
  amount: bigint,
  asked: { readonly fee: boolean; readonly transfer: boolean },
): GivenBack {
  if (before.split !== undefined) return sharesBackWith(view, before, amount);
  const account = partyOf(before);
  if (account === undefined) return none(before);
  const captured = units(before.amountCaptured);
  const isPending = isUnsettled(view, account, before);
  const withFee = units(before.refundedWithFee) + amount;
  const feeBack = (units(before.applicationFeeAmount) * withFee) / captured;
  const fee = asked.fee ? most(feeBack - units(before.applicationFeeRefunded), 0n) : 0n;
  const ofFee = movedAs(isPending, fee);
  const payment = {
    ...before,
    ...(asked.fee && {
      applicationFeeRefunded: String(units(before.applicationFeeRefunded) + fee),
      refundedWithFee: String(withFee),
    }),
    pending: String(pendingAfter(before, ofFee, { available: 0n, pending: 0n })),
  };
  const transfer = transferOfPayment(view, before);
  if (!asked.transfer || transfer === undefined) return moved(account, payment, ofFee);
  const withTransfer = units(before.refundedWithTransfer) + amount;
  const all = (units(transfer.amount) * withTransfer) / captured;
  const reversed = most(all - units(transfer.amountReversed), 0n);
  const fromPending = isPending ? least(reversed, pendingOf(view, payment, transfer, ofFee.pending)) : 0n;
  const back = { available: reversed - fromPending, pending: fromPending };
  const marked = { ...payment, refundedWithTransfer: String(withTransfer) };
  return moved(account, withReversed(marked, reversed, back), ofFee, { back, transfer });
}

/** What of a transfer its account has pending still, and its settlement has, too. @param more what comes to that */
export function pendingOf(
  view: PaymentsView,
  payment: PaymentFacts,
  { destination, pending }: TransferFacts,
  more = 0n,
): bigint {
  const { attempt, availableOn, currency } = payment;
  if (attempt === null || availableOn === null) return 0n;
  const key = accountSettlementKey(destination, attempt.rail, currency, availableOn);
  const settled = units(accountSettlementOf(view, key)?.amount) + more;
  return most(least(units(pending) - feeLeft(payment), settled), 0n);
}

/** What is set back when a refund fails, to what the rules say for those that remain, after all reversals by hand. */
export function restoredAfter(view: PaymentsView, before: PaymentFacts, refund: RefundFacts): GivenBack {
  if (before.split !== undefined) return sharesAgainAfter(view, before, refund);
  const account = partyOf(before);
  if (account === undefined) return none(before);
  const captured = units(before.amountCaptured);
  const isPending = isUnsettled(view, account, before);
  const amount = units(refund.amount);
  const had = { fee: refund.applicationFeeRefunded, transfer: refund.transferReversed };
  const withFee = units(before.refundedWithFee) - amount;
  const feeBack = (units(before.applicationFeeAmount) * withFee) / captured;
  const fee = had.fee === undefined ? 0n : feeBack - units(before.applicationFeeRefunded);
  const ofFee = movedAs(isPending, fee);
  const payment = {
    ...before,
    ...(had.fee !== undefined && {
      applicationFeeRefunded: String(feeBack),
      refundedWithFee: String(withFee),
    }),
    pending: String(pendingAfter(before, ofFee, { available: 0n, pending: 0n })),
  };
  const transfer = transferOfPayment(view, before);
  if (had.transfer === undefined || transfer === undefined) return moved(account, payment, ofFee);
  const withTransfer = units(before.refundedWithTransfer) - amount;
  const byHand = units(transfer.amountReversed) - units(before.reversedByRefunds);
  const target = most(byHand, (units(transfer.amount) * withTransfer) / captured);
  const reversed = target - units(transfer.amountReversed);
  const back = movedAs(isPending, reversed);
  const marked = { ...payment, refundedWithTransfer: String(withTransfer) };
  return moved(account, withReversed(marked, reversed, back), ofFee, { back, transfer });
}

/** What the owner has pending after the fee went to the account, and the transfer came from it. */
function pendingAfter(payment: PaymentFacts, fee: Moved, transfer: Moved): bigint {
  const ofFee = payment.connectedAccount === undefined ? -fee.pending : fee.pending;
  return BigInt(payment.pending) + ofFee + transfer.pending;
}

const withReversed = (payment: PaymentFacts, reversed: bigint, back: Moved): PaymentFacts => ({
  ...payment,
  amountTransferred: String(units(payment.amountTransferred) - reversed),
  pending: String(BigInt(payment.pending) + back.pending),
  reversedByRefunds: String(units(payment.reversedByRefunds) + reversed),
});

function moved(
  account: string,
  payment: PaymentFacts,
  fee: Moved,
  of?: { readonly back: Moved; readonly transfer: TransferFacts },
): GivenBack {
  const back = of?.back ?? { available: 0n, pending: 0n };
  const reversed = back.available + back.pending;
  const lines = givingBackLines({ account, currency: payment.currency, fee, transfer: back });
  const result = { payment, lines, fee: fee.available + fee.pending, reversed };
  if (of === undefined || reversed === 0n) return { ...result, takes: [] };
  const transfer = {
    ...of.transfer,
    amountReversed: String(BigInt(of.transfer.amountReversed) + reversed),
    pending: String(BigInt(of.transfer.pending) - back.pending),
  };
  return { ...result, transfer, takes: [{ account, amount: back.available - fee.available }] };
}
