import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { payoutLines } from './bookings';
import { booked } from './decision';
import type { PaymentEvent } from './events';
import type { PayoutOutcome } from './payout-calls';
import type { PayoutFacts } from './payout-facts';
import type { PaymentsView } from './records';

/* What became of payouts: facts, which nothing refuses. */

type View = PaymentsView & SharedView;
type Failure = Pick<Extract<PayoutOutcome, { readonly kind: 'pay_out_failed' }>, 'failureCode' | 'message'>;

/** It failed, or came back after it was paid: the balance has it back. @param index of the event in its decision */
export function payoutFailed(
  view: View,
  payout: PayoutFacts,
  { failureCode, message: failureMessage }: Failure,
  step: 'failed' | 'returned',
  context: DecideContext,
  index = 0,
): Extract<PaymentEvent, { readonly type: 'PayoutFailed' }> {
  const facts = booked(view, payoutLines(step, payout), `Payout ${payout.id} ${step}`, context, index);
  return {
    type: 'PayoutFailed',
    data: { ...facts, payout: { ...payout, failureCode, failureMessage, status: 'failed' } },
  };
}

/** A statement of a bank says that it has left. */
export function paidOutByTransfer(
  view: View,
  payout: PayoutFacts,
  context: DecideContext,
  index: number,
): PaymentEvent {
  const facts = booked(view, payoutLines('paid', payout), `Payout ${payout.id} paid`, context, index);
  return { type: 'PayoutPaid', data: { ...facts, payout: { ...payout, status: 'paid' } } };
}

/** A statement of a bank says that it has come back. */
export const payoutCameBack = (
  view: View,
  payout: PayoutFacts,
  context: DecideContext,
  index: number,
): PaymentEvent => {
  const returned = { failureCode: 'returned', message: 'It came back from the bank.' };
  return payoutFailed(view, payout, returned, 'returned', context, index);
};

/**
 * It was declared failed, and a statement of a bank says that it has left all the same: it leaves the balance again,
 * whatever is there.
 */
export function payoutAgain(
  view: View,
  payout: PayoutFacts,
  context: DecideContext,
  index: number,
): PaymentEvent {
  const says = `Payout ${payout.id} left after all`;
  const facts = booked(view, payoutLines('created', payout), says, context, index);
  const again = { ...payout, failureCode: null, failureMessage: null, status: 'in_transit' } as const;
  return { type: 'PayoutCreated', data: { ...facts, payout: again } };
}
