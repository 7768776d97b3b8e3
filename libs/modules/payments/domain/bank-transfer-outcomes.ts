import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { refundedLines } from './bookings';
import { booked } from './decision';
import { capturedEvents } from './capture-events';
import { failedRefund } from './decide-refund';
import type { AttemptFacts, PaymentFacts, RefundFacts } from './facts';
import { ended } from './rail-calls';
import type { PaymentEvent } from './events';
import type { PaymentsView } from './records';

/* What statements of a bank tell of payments and refunds. They are facts: nothing refuses them. */

type View = PaymentsView & SharedView;
type Attempted = PaymentFacts & { readonly attempt: AttemptFacts };

/** When a transfer counts as available: the day of its booking, or of its payment where that is yet to come. */
export function transferAvailableOn(payment: PaymentFacts, bookedOn: string, now: string): string {
  const day = `${bookedOn}T00:00:00.000Z`;
  return day <= now ? day : payment.createdAt;
}

/** The money of a payment is all there. @param index of the event in its decision */
export function paidByTransfer(
  view: View,
  payment: PaymentFacts,
  bookedOn: string,
  context: DecideContext,
  index: number,
): readonly PaymentEvent[] {
  const { attempt, call } = payment;
  if (attempt === null || call === null) return [];
  const availableOn = transferAvailableOn(payment, bookedOn, context.now);
  const outcome = {
    kind: 'captured',
    ...{ railReference: attempt.railReference ?? '', fee: '0', availableOn },
  } as const;
  return capturedEvents(view, { ...payment, attempt, call }, outcome, context, index);
}

/** A refund has left the bank. */
export function refundedByTransfer(
  view: View,
  payment: Attempted,
  refund: RefundFacts,
  context: DecideContext,
  index: number,
): PaymentEvent {
  const [fromPending, fromAvailable] = [BigInt(refund.fromPending), BigInt(refund.fromAvailable)];
  const of = { rail: payment.attempt.rail, currency: payment.currency, fromPending, fromAvailable };
  const facts = booked(view, refundedLines(of), `Refund ${refund.id}`, context, index);
  const after = {
    ...refund,
    call: ended(refund.call),
    railReference: refund.id,
    status: 'succeeded',
  } as const;
  return { type: 'RefundSucceeded', data: { ...facts, payment, refund: after } };
}

/** A refund has come back from the bank of who was to get it. */
export function refundCameBack(
  view: View,
  payment: Attempted,
  refund: RefundFacts,
  context: DecideContext,
  index: number,
): PaymentEvent {
  return failedRefund(view, payment, refund, { reason: 'returned', says: 'came back' }, context, index);
}
