import { EventList, eventType, object } from '@fintech-ledger/contract';
import type { EventsOf } from '@fintech-ledger/contract';
import { bookingEvent, currency } from '@fintech-ledger/ledger/domain';
import { text, time } from '@fintech-ledger/contract';
import { withBankTransfers } from './bank-transfer-versions';
import { disputeEventTypes } from './disputes/dispute-events';
import { withDisputes } from './disputes/dispute-versions';
import { touchesParty } from './charges/charge';
import { chargeEventTypes } from './charges/charge-events';
import { withCharges } from './charges/charge-versions';
import type { PaymentFacts, RefundFacts } from './facts';
import { withOffSession } from './off-session-versions';
import { payment, refund } from './payment-schemas';
import { payoutEventTypes } from './payout-events';
import { withPayers } from './payer-versions';
import { splitEventTypes } from './splits/split-events';
import { withSplits } from './splits/split-versions';
import { feeAdjustmentEventTypes } from './fee-adjustments/fee-adjustment-events';
import { withReportedDays } from './fee-adjustments/reported-days';
import { reserveEventTypes } from './reserves/reserve-events';
import { scheduleEventTypes } from './schedules/schedule-events';
import { withYoungMoney } from './schedules/young-money';
import { transferEventTypes } from './transfers/transfer-events';
import { withTransfers } from './transfers/transfer-versions';
import { nettingKey, paymentKey, referenceKey, refundKey, settlementKey } from './records';

interface OfPayment {
  readonly payment: PaymentFacts;
}
interface OfRefund extends OfPayment {
  readonly refund: RefundFacts;
}
const ofPayment = object<OfPayment>({ payment });
const ofRefund = object<OfRefund>({ payment, refund });
const touchesPayment = ({ payment: of }: OfPayment): readonly string[] => [
  paymentKey(of.id),
  ...touchesParty(of),
];

/** Besides the payment what its capture adds to. */
function touchesSettlement(data: OfPayment): readonly string[] {
  const { attempt, availableOn, currency: code } = data.payment;
  const keys = touchesPayment(data);
  if (attempt === null) return keys;
  const ofRail = availableOn === null ? [] : [settlementKey(attempt.rail, code, availableOn)];
  return [...keys, ...ofRail, nettingKey(attempt.rail, code)];
}
/** With the reference that a transfer is to name. */
function touchesReference(data: OfPayment): readonly string[] {
  const { nextAction } = data.payment;
  const isTransfer = nextAction?.type === 'display_bank_transfer_instructions';
  return [...touchesPayment(data), ...(isTransfer ? [referenceKey(nextAction.reference)] : [])];
}
const touchesRefund = (data: OfRefund): readonly string[] => [
  refundKey(data.refund.id),
  ...touchesSettlement(data),
];

const plain = <const N extends string>(name: N, description: string) =>
  eventType({ name, description, schema: ofPayment, touches: touchesPayment });

const created = plain(
  'PaymentCreated',
  'A payment is asked for. With an attempt, it is confirmed too, and its rail called. Nothing is booked.',
);
const updated = plain('PaymentUpdated', 'A payment was changed. Nothing is booked.');
const confirmed = plain(
  'PaymentConfirmed',
  'A payment is to be made: its rail is called after this. Nothing is booked.',
);
const actionRequired = eventType({
  name: 'PaymentActionRequired',
  description: 'The payer has to act first. Nothing is booked.',
  schema: ofPayment,
  touches: touchesReference,
});
const processing = plain(
  'PaymentProcessing',
  'The rail will say later what became of its call, or did not answer and is asked. Nothing is booked.',
);
const authorized = plain(
  'PaymentAuthorized',
  'The rail holds the amount for a capture. Nothing is booked: it is no money of ours.',
);
const captureRequested = plain(
  'PaymentCaptureRequested',
  'What was authorized is to be captured: the rail is called after this. Nothing is booked.',
);
const captured = bookingEvent({
  name: 'PaymentCaptured',
  description: 'The rail has captured a payment; it owes the amount less its fee.',
  fields: { payment },
  touches: touchesSettlement,
});
const declined = plain('PaymentDeclined', 'The rail declined a payment. Nothing is booked.');
const cancelRequested = plain(
  'PaymentCancelRequested',
  'A payment is to be canceled that its rail has begun: it is called after this. Nothing is booked.',
);
const canceled = plain('PaymentCanceled', 'A payment ended without money. Nothing is booked.');
const callRepeated = plain(
  'PaymentCallRepeated',
  'Nothing is known of a call: the rail is asked, or called again by the same key. Nothing is booked.',
);

const refundCreated = bookingEvent({
  name: 'RefundCreated',
  description: 'A refund is to be made: it leaves the balance, and the rail is called after this.',
  fields: { payment, refund },
  touches: touchesRefund,
});
const refundSucceeded = bookingEvent({
  name: 'RefundSucceeded',
  description: 'The rail has refunded; it keeps the amount back of what it settles.',
  fields: { payment, refund },
  touches: touchesRefund,
});
const refundFailed = bookingEvent({
  name: 'RefundFailed',
  description: 'A refund failed; the balance has it back.',
  fields: { payment, refund },
  touches: touchesRefund,
});
const refundPending = eventType({
  name: 'RefundPending',
  description:
    'The rail will say later what became of a refund, or did not answer and is asked. Nothing is booked.',
  schema: ofRefund,
  touches: (data: OfRefund) => [refundKey(data.refund.id)],
});
const refundCallRepeated = eventType({
  name: 'RefundCallRepeated',
  description: 'Nothing is known of a refund: the rail is asked, or called again by the same key.',
  schema: ofRefund,
  touches: (data: OfRefund) => [refundKey(data.refund.id)],
});

/** What a settlement says. */
export interface SettlementFacts {
  readonly availableOn: string;
  readonly currency: string;
  /** What the rail kept back of it; below zero: what it gave back. */
  readonly kept: string;
  /** What became available of the platform's. */
  readonly platform: string;
  readonly rail: string;
}
const units = text({ description: 'Minor units, which may be below zero', pattern: '^-?[0-9]+$' });
const settled = bookingEvent({
  name: 'PaymentsSettled',
  description: 'What a rail captured up to a moment becomes available, and is paid out to the bank.',
  fields: {
    settlement: object<SettlementFacts>({
      availableOn: time,
      currency,
      kept: units,
      platform: units,
      rail: text(),
    }),
  },
  touches: ({
    settlement: { rail, currency: code, availableOn },
  }: {
    readonly settlement: SettlementFacts;
  }) => [settlementKey(rail, code, availableOn), nettingKey(rail, code)],
});

/** A settlement that came to nothing. */
type ClosedFacts = Pick<SettlementFacts, 'availableOn' | 'currency' | 'rail'>;
const closed = eventType({
  name: 'SettlementClosed',
  description: 'What was to become available up to a moment came to nothing. Nothing is booked.',
  schema: object<{ readonly settlement: ClosedFacts }>({
    settlement: object<ClosedFacts>({ availableOn: time, currency, rail: text() }),
  }),
  touches: ({ settlement: { rail, currency: code, availableOn } }) => [
    settlementKey(rail, code, availableOn),
  ],
});

const earlier = withPayers(
  withDisputes([
    created,
    updated,
    confirmed,
    actionRequired,
    processing,
    authorized,
    captureRequested,
    captured,
    declined,
    cancelRequested,
    canceled,
    callRepeated,
    refundCreated,
    refundSucceeded,
    refundFailed,
    refundPending,
    refundCallRepeated,
    settled,
    closed,
    ...payoutEventTypes,
    ...disputeEventTypes,
  ]),
);
/** What the journal of a payments ledger says of payments. */
export const paymentEvents = new EventList({ prefix: 'journal-' }, [
  ...withReportedDays(
    withYoungMoney([
      ...withOffSession(
        withSplits(
          withBankTransfers(withCharges([...withTransfers(earlier), ...transferEventTypes] as const)),
        ),
      ),
      ...chargeEventTypes,
      ...splitEventTypes,
    ] as const),
  ),
  ...scheduleEventTypes,
  ...withYoungMoney([...reserveEventTypes, ...feeAdjustmentEventTypes] as const),
]);
export type PaymentEvent = EventsOf<typeof paymentEvents>;
