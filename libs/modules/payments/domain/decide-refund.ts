import { refused } from '@fintech-ledger/contract';
import type { BookingLine, DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { failedRefundLines, merged, refundedLines } from './bookings';
import { ownerOf } from './charges/charge';
import { refundOptionInvalid } from './charges/charge-refusals';
import { givenBackWith, restoredAfter } from './charges/give-back';
import type { CreateRefund, RecordRailOutcome } from './commands';
import { paymentDisputed } from './disputes/dispute-refusals';
import {
  booked,
  decided,
  idlePayment,
  refusedAt,
  shortForRefund,
  showing,
  unexpectedState,
} from './decision';
import type { DecisionOf, PaymentsDecision } from './decision';
import type { PaymentEvent } from './events';
import type { PaymentFacts, RefundFacts } from './facts';
import { isSettled, refundEvent, takenRefund } from './make-refund';
import type { AskedRefund, Attempted } from './make-refund';
import { ended, isOpen, newCall, nextAttempt } from './rail-calls';
import { paymentOf, refundOf } from './records';
import type { PaymentsView } from './records';
import { refundExceeded } from './refusals';
import { showPayment } from './show-payment';

type View = PaymentsView & SharedView;

/** A refund takes from what its payment still has pending, then from what is available, whatever is there. */
export function createRefund(
  view: View,
  command: CreateRefund,
  context: DecideContext,
): DecisionOf<'CreateRefund'> {
  const found = idlePayment(view, command);
  if ('refusal' in found) return refusedAt(found.refusal, '/payment');
  const { payment } = found;
  const { amountCaptured, amountRefunded, attempt, currency, id, status } = payment;
  if (status !== 'succeeded' || attempt === null)
    return refusedAt(
      unexpectedState(payment, `Payment ${id} is ${status}: there is nothing to refund.`),
      '/payment',
    );
  const noOption = optionRefusal(payment, command);
  if (noOption !== undefined) return noOption;
  const left = BigInt(amountCaptured) - BigInt(amountRefunded);
  const disputed = BigInt(payment.amountDisputed ?? '0');
  const amount = command.amount === undefined ? left - disputed : BigInt(command.amount);
  if (disputed > 0n && (amount > left - disputed || amount <= 0n)) {
    const why = `${disputed} ${currency} of payment ${id} is disputed, ${left - disputed} can be refunded.`;
    const meta = { amount_left: String(left > disputed ? left - disputed : 0n) };
    return showing(refused(paymentDisputed, why, '/amount', meta), { payment: showPayment(payment) });
  }
  if (amount > left || left === 0n) {
    const why = `${left} ${currency} of payment ${id} is left to refund, ${amount} is asked for.`;
    return refused(refundExceeded, why, '/amount', { amount_left: String(left) });
  }
  const asked = {
    fee: command.refundsApplicationFee === true,
    transfer: command.reversesTransfer === true,
  };
  const given = givenBackWith(view, payment, amount, asked);
  for (const { account, amount: taken } of given.takes) {
    const short = shortForRefund(view, account, currency, taken);
    if (short !== undefined) return short;
  }
  const refund = newRefund(payment, command, amount, context);
  return decided(takenRefund(view, { ...payment, attempt }, refund, { ...asked, given }, { context }));
}

/** As it is asked for, without what it takes from where. */
function newRefund(
  { currency, id: payment, livemode }: PaymentFacts,
  { metadata, reason }: CreateRefund,
  amount: bigint,
  { newId, now }: DecideContext,
): AskedRefund {
  const id = newId('re', 0);
  const call = newCall({ amount: String(amount), key: id, kind: 'refund', offSession: false }, now);
  return {
    ...{ amount: String(amount), call, createdAt: now, currency, failureReason: null, id, livemode },
    ...{ metadata, payment, railReference: null, reason, status: 'pending' },
  };
}

/** Why something can't go back that is asked for: there is nothing of the kind. */
function optionRefusal(
  payment: PaymentFacts,
  { refundsApplicationFee, reversesTransfer }: CreateRefund,
): PaymentsDecision<'refund_option_invalid'> | undefined {
  const { applicationFeeAmount, id, transferData } = payment;
  if (reversesTransfer === true && transferData === undefined)
    return refused(refundOptionInvalid, `Payment ${id} transfers nothing.`, '/reverse_transfer');
  if (refundsApplicationFee === true && applicationFeeAmount === undefined)
    return refused(refundOptionInvalid, `Payment ${id} has no application fee.`, '/refund_application_fee');
  return undefined;
}

/** What a rail said of a refund. A refund that it had made may still fail. */
export function decideRefundOutcome(
  view: View,
  { call: key, outcome }: RecordRailOutcome,
  refundId: string,
  context: DecideContext,
): DecisionOf<'RecordRailOutcome'> {
  const refund = refundOf(view, refundId);
  const payment = refund && paymentOf(view, refund.payment);
  const attempt = payment?.attempt ?? null;
  if (refund?.id !== key || payment === undefined || attempt === null || refund.status === 'failed')
    return decided();
  const { currency } = payment;
  const of = { rail: attempt.rail, currency, ...takenBy(refund) };
  const { call } = refund;
  switch (outcome.kind) {
    case 'refunded': {
      if (!isOpen(call)) return decided();
      const { railReference } = outcome;
      const facts = booked(view, refundedLines(of), `Refund ${refund.id}`, context);
      const after = { ...refund, call: ended(call), railReference, status: 'succeeded' } as const;
      return decided({ type: 'RefundSucceeded', data: { ...facts, payment, refund: after } });
    }
    case 'refund_failed':
      return decided(
        failedRefund(
          view,
          { ...payment, attempt },
          refund,
          { reason: outcome.reason, says: 'failed' },
          context,
        ),
      );
    case 'not_known': {
      if (!isOpen(call)) return decided();
      const again = { ...refund, call: nextAttempt(call, false, context.now) };
      return decided({ type: 'RefundCallRepeated', data: { payment, refund: again } });
    }
    case 'pending':
    case 'unknown': {
      // Who waits is answered with what is known: it is pending. A rail that says the rest on its own is not asked.
      const isTold = 'isTold' in outcome && outcome.isTold === true;
      if (call?.state !== 'awaited' && !(isTold && isOpen(call))) return decided();
      const askAt = ('askAt' in outcome ? outcome.askAt : undefined) ?? call.askAt;
      const state = isTold ? 'ended' : 'open';
      const asked = { ...refund, call: { ...call, askAt, state } } as const;
      return decided({ type: 'RefundPending', data: { payment, refund: asked } });
    }
    case 'authorized':
    case 'captured':
    case 'declined':
    case 'requires_action':
    case 'requires_transfer':
    case 'voided':
      return decided();
  }
}

const takenBy = ({ fromPending, fromAvailable }: RefundFacts) => ({
  fromPending: BigInt(fromPending),
  fromAvailable: BigInt(fromAvailable),
});

/** What a failed refund books, and what of it is pending again. */
function failureOf(
  view: PaymentsView,
  payment: Attempted,
  refund: RefundFacts,
): { readonly lines: readonly BookingLine[]; readonly pendingAgain: bigint } {
  const taken = takenBy(refund);
  const settled = isSettled(view, payment);
  const lines = failedRefundLines({
    rail: payment.attempt.rail,
    currency: payment.currency,
    ...taken,
    hadSucceeded: refund.status === 'succeeded',
    isSettled: settled,
    owner: ownerOf(payment),
  });
  return { lines, pendingAgain: settled ? 0n : taken.fromPending };
}

/**
 * A refund that failed, also after it was made: all is as if it had not been asked for.
 * @param why for the refund, and for its transaction
 * @param index of the event in its decision
 */
export function failedRefund(
  view: View,
  payment: Attempted,
  refund: RefundFacts,
  why: { readonly reason: string; readonly says: string },
  context: DecideContext,
  index = 0,
): PaymentEvent {
  const { lines, pendingAgain } = failureOf(view, payment, refund);
  const given = restoredAfter(view, payment, refund);
  const says = `Refund ${refund.id} ${why.says}`;
  const facts = booked(view, merged([...lines, ...given.lines]), says, context, index);
  const after = {
    ...refund,
    // Nothing has gone back with it any more.
    ...(refund.applicationFeeRefunded !== undefined && { applicationFeeRefunded: '0' }),
    ...(refund.transferReversed !== undefined && { transferReversed: '0' }),
    ...(given.fee !== 0n && { applicationFeeAgain: String(-given.fee) }),
    ...(given.reversed !== 0n && { transferAgain: String(-given.reversed) }),
    ...(given.sharesAgain && { sharesAgain: given.sharesAgain }),
    call: ended(refund.call),
    failureReason: why.reason,
    status: 'failed',
  } as const;
  const restored = {
    ...given.payment,
    amountRefunded: String(BigInt(payment.amountRefunded) - BigInt(refund.amount)),
    pending: String(BigInt(given.payment.pending) + pendingAgain),
  };
  return refundEvent('Failed', { ...facts, payment: restored, refund: after }, given);
}
