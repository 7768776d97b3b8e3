import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { merged, refundLines } from './bookings';
import { isUnsettled, ownerOf, partyOf } from './charges/charge';
import { givenBackWith } from './charges/give-back';
import type { GivenBack } from './charges/given-back';
import { booked } from './decision';
import type { PaymentEvent } from './events';
import type { AttemptFacts, PaymentFacts, RefundFacts } from './facts';
import { ended } from './rail-calls';
import { refundOf, settlementKey, settlementOf } from './records';
import type { PaymentsView } from './records';

/* What a refund takes, and from where. */

type View = PaymentsView & SharedView;
export type Attempted = PaymentFacts & { readonly attempt: AttemptFacts };

/** A refund as it is asked for, without what it takes from where. */
export type AskedRefund = Omit<RefundFacts, 'fromAvailable' | 'fromPending'>;
/** What is to go back with it. */
export interface AlsoBack {
  readonly fee: boolean;
  readonly transfer: boolean;
}

/**
 * A refund takes from what its payment still has pending, then from what is available, whatever is there.
 * @param says what its transaction says
 */
export function takenRefund(
  view: View,
  payment: Attempted,
  asked: AskedRefund,
  also: AlsoBack & { readonly given: GivenBack },
  { context, index = 0, says = `Refund ${asked.id}` }: Deciding,
): PaymentEvent {
  const { attempt, amountRefunded, currency } = payment;
  const { given } = also;
  const amount = BigInt(asked.amount);
  const fromPending = lesser(amount, stillPending(view, given.payment));
  const fromAvailable = amount - fromPending;
  const refund = {
    ...asked,
    ...(also.fee && { applicationFeeRefunded: String(given.fee) }),
    ...(also.transfer && { transferReversed: String(given.reversed) }),
    ...(given.sharesReversed && { sharesReversed: given.sharesReversed }),
    fromAvailable: String(fromAvailable),
    fromPending: String(fromPending),
  };
  const of = { rail: attempt.rail, currency, fromPending, fromAvailable, owner: ownerOf(payment) };
  const lines = merged([...refundLines(of), ...given.lines]);
  const facts = booked(view, lines, says, context, index);
  const after = {
    ...given.payment,
    amountRefunded: String(BigInt(amountRefunded) + amount),
    pending: String(BigInt(given.payment.pending) - fromPending),
  };
  return refundEvent('Created', { ...facts, payment: after, refund }, given);
}
interface Deciding {
  readonly context: DecideContext;
  /** Of the event in its decision. */
  readonly index?: number;
  readonly says?: string;
}

/** What of a payment can be refunded yet. */
export const refundable = ({ amountCaptured, amountDisputed = '0', amountRefunded }: PaymentFacts): bigint =>
  BigInt(amountCaptured) - BigInt(amountRefunded) - BigInt(amountDisputed);

/**
 * A refund was declared failed, and has left all the same: it is made again, as it was asked for, whatever is there.
 * Its rail is not called for it.
 */
export function refundAgain(
  view: View,
  payment: Attempted,
  { applicationFeeAgain: _fee, sharesAgain: _shares, transferAgain: _transfer, ...failed }: RefundFacts,
  context: DecideContext,
  index: number,
): PaymentEvent {
  const { applicationFeeRefunded, sharesReversed: _reversed, transferReversed, ...asked } = failed;
  const also = { fee: applicationFeeRefunded !== undefined, transfer: transferReversed !== undefined };
  const given = givenBackWith(view, payment, BigInt(failed.amount), also);
  const call = ended(failed.call);
  const again = { ...asked, call, failureReason: null, status: 'pending' } as const;
  const says = `Refund ${failed.id} left after all`;
  return takenRefund(view, payment, again, { ...also, given }, { context, index, says });
}

type Booked = Extract<PaymentEvent, { readonly type: 'RefundCreated' }>['data'];
/** The event of a refund: which one depends on what else moves with it. */
export function refundEvent(
  what: 'Created' | 'Failed',
  data: Booked,
  { split, transfer }: GivenBack,
): PaymentEvent {
  if (split !== undefined) return { type: `SplitRefund${what}`, data: { ...data, split } };
  if (transfer !== undefined) return { type: `ReversingRefund${what}`, data: { ...data, transfer } };
  return { type: `Refund${what}`, data };
}

const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** What a payment still has pending, which is never below zero. */
function stillPending(view: PaymentsView, payment: PaymentFacts): bigint {
  const pending = BigInt(payment.pending);
  return pending > 0n && !isSettled(view, payment) ? pending : 0n;
}

/** Whether what a payment had pending is available by now. */
export function isSettled(view: PaymentsView, payment: PaymentFacts): boolean {
  const { attempt, availableOn, currency } = payment;
  const account = partyOf(payment);
  if (account !== undefined) return !isUnsettled(view, account, payment);
  if (attempt === null || availableOn === null) return false;
  return settlementOf(view, settlementKey(attempt.rail, currency, availableOn))?.isSettled ?? true;
}

/** What is made is new, or was declared failed, and has left after all; all else is of one that is there. */
export function isInOrder(view: PaymentsView, { id }: RefundFacts, isMade: boolean): boolean {
  const before = refundOf(view, id);
  return isMade ? before === undefined || before.status === 'failed' : before !== undefined;
}
