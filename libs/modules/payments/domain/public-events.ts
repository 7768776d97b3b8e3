import { publicEvent, publicEvents, unpublished } from '@fintech-ledger/shapes';
import type { PublicEventType } from '@fintech-ledger/shapes';
import type { BookingFacts } from '@fintech-ledger/ledger/domain';
import { availableShape } from './balance-views';
import type { AvailableView } from './balance-views';
import { chartAccount } from './chart';
import { disputePublicEvents } from './disputes/dispute-public-events';
import { paymentEvents } from './events';
import type { PaymentFacts, RefundFacts } from './facts';
import type { PayoutFacts } from './payout-facts';
import { toldPayoutShape } from './payout-views';
import type { ToldPayoutView } from './payout-views';
import { tellPayout } from './show-payout';
import { showPayment, tellRefund } from './show-payment';
import { reservePublicEvents } from './reserves/reserve-public-events';
import { splitCreated, splitPublicEvents } from './splits/split-public-events';
import { transferCreated, transferPublicEvents, transferReversed } from './transfers/transfer-public-events';
import { paymentShape, toldRefundShape } from './views';
import type { PaymentView, ToldRefundView } from './views';

interface OfPayment {
  readonly payment: PaymentFacts;
}
interface OfRefund extends OfPayment {
  readonly refund: RefundFacts;
}

function told(name: string, description: string, shows: Partial<PaymentView>): PublicEventType<OfPayment> {
  return publicEvent<OfPayment, PaymentView>({
    name,
    description,
    object: paymentShape,
    shows,
    idsOf: ({ payment }) => [payment.id],
    objectOf: ({ payment }) => showPayment(payment),
  });
}
function toldOfRefund(
  name: string,
  description: string,
  shows: Partial<ToldRefundView>,
): PublicEventType<OfRefund> {
  return publicEvent<OfRefund, ToldRefundView>({
    name,
    description,
    object: toldRefundShape,
    shows,
    idsOf: ({ refund }) => [refund.id, refund.payment],
    objectOf: ({ refund }) => tellRefund(refund),
  });
}
interface OfPayout {
  readonly payout: PayoutFacts;
}
function toldOfPayout(
  name: string,
  description: string,
  shows: Partial<ToldPayoutView>,
): PublicEventType<OfPayout> {
  return publicEvent<OfPayout, ToldPayoutView>({
    name,
    description,
    object: toldPayoutShape,
    shows,
    idsOf: ({ payout: { connectedAccount, id } }) =>
      connectedAccount === undefined ? [id] : [id, connectedAccount],
    objectOf: ({ payout }) => tellPayout(payout),
  });
}
interface Settled {
  readonly entries: BookingFacts['entries'];
  readonly settlement: { readonly currency: string };
}
/** Both accounts are in its entries: one becomes what the other one was. */
function showAvailable({ entries, settlement: { currency } }: Settled): AvailableView {
  const after = (name: 'available' | 'pending'): AvailableView['available'] => {
    const { account } = chartAccount(name, currency);
    const entry = entries.findLast((each) => each.account === account);
    const { postedCredits = '0', postedDebits = '0' } = entry?.after ?? {};
    return entry === undefined
      ? []
      : [{ amount: String(BigInt(postedCredits) - BigInt(postedDebits)), currency }];
  };
  return { object: 'balance', available: after('available'), pending: after('pending') };
}
const none = { amount_received: '0' } as const;
const intent = unpublished('A rail is called after it; what becomes of that is told.');

const succeeded = told('payment.succeeded', 'A payment was captured.', {});
const refundCreated = toldOfRefund('refund.created', 'A refund was made; the rail is asked for it.', {
  status: 'pending',
});
const refundFailed = toldOfRefund('refund.failed', 'A refund failed, and the balance has it back.', {
  status: 'failed',
});

/** What the journal of a payments ledger tells clients of payments. */
export const paymentPublicEvents = publicEvents(paymentEvents, {
  PaymentCreated: [
    told('payment.created', 'A payment was created; confirmed at once, its rail is called after it.', {
      ...none,
      status: 'requires_confirmation',
      latest_attempt: null,
    }),
  ],
  PaymentUpdated: [
    told('payment.updated', 'A payment was changed; the payment after it.', {
      ...none,
      status: 'requires_confirmation',
      latest_attempt: null,
    }),
  ],
  PaymentConfirmed: intent,
  PaymentActionRequired: [
    told('payment.requires_action', 'The payer has to act: `next_action` says how.', {
      ...none,
      status: 'requires_action',
    }),
  ],
  PaymentProcessing: [
    told('payment.processing', 'The rail will say later what became of it, or is asked until it says so.', {
      ...none,
      status: 'processing',
    }),
  ],
  PaymentAuthorized: [
    told('payment.capturable', 'A payment is authorized, and can be captured until `expires_at`.', {
      ...none,
      status: 'requires_capture',
      capture_method: 'manual',
      amount_capturable: '10000',
    }),
  ],
  PaymentCaptureRequested: intent,
  PaymentCaptured: [succeeded],
  PaymentDeclined: [
    told('payment.failed', 'An attempt failed; the payment may be confirmed again.', {
      ...none,
      status: 'requires_payment_method',
      last_payment_error: {
        code: 'payment_declined',
        decline_code: 'insufficient_funds',
        message: 'The card has insufficient funds.',
      },
    }),
  ],
  PaymentCancelRequested: intent,
  PaymentCanceled: [
    told('payment.canceled', 'A payment was canceled, or its authorization expired.', {
      ...none,
      status: 'canceled',
      canceled_at: '2026-01-31T12:00:00.000Z',
    }),
  ],
  PaymentCallRepeated: unpublished('A rail is asked again; nothing is new for clients.'),
  RefundCreated: [refundCreated],
  RefundSucceeded: [toldOfRefund('refund.succeeded', 'The rail has refunded.', { status: 'succeeded' })],
  RefundFailed: [refundFailed],
  RefundPending: unpublished('The rail will say later; nothing is new for clients.'),
  RefundCallRepeated: unpublished('A rail is asked again; nothing is new for clients.'),
  PaymentsSettled: [
    publicEvent<Settled, AvailableView>({
      name: 'balance.available',
      description: 'Something became available: the balance in its currency after that.',
      object: availableShape,
      idsOf: () => ['balance'],
      objectOf: showAvailable,
    }),
  ],
  PayoutCreated: [toldOfPayout('payout.created', 'A payout was made; it is sent at `sends_at`.', {})],
  PayoutUpdated: unpublished('What a payout is for says nothing of the money.'),
  PayoutSent: [
    toldOfPayout('payout.in_transit', 'A payout was handed to its rail.', { status: 'in_transit' }),
  ],
  PayoutCallRepeated: unpublished('A rail is asked again; nothing is new for clients.'),
  PayoutPaid: [toldOfPayout('payout.paid', 'The rail has paid out.', { status: 'paid' })],
  PayoutArrived: unpublished('It was told that it is paid.'),
  PayoutFailed: [
    toldOfPayout('payout.failed', 'A payout failed, or came back; the balance has it back.', {
      status: 'failed',
      failure_code: 'account_closed',
      failure_message: 'The account is closed.',
    }),
  ],
  PayoutBatchMade: unpublished('Its payouts are told to be in transit.'),
  PayoutCanceled: [
    toldOfPayout('payout.canceled', 'A payout was canceled before it was sent.', {
      status: 'canceled',
      canceled_at: '2026-01-31T12:00:00.000Z',
    }),
  ],
  PayoutScheduleSet: unpublished(
    'Of a connected account `connected_account.updated` tells it; that of the platform is no news.',
  ),
  PayoutScheduleRan: unpublished('Its payouts are told.'),
  ...reservePublicEvents,
  FeeAdjusted: unpublished('A line of the balance says it; nothing became available.'),
  BankChargeBooked: unpublished('A line of the balance says it; nothing became available.'),
  FeesCompared: unpublished('What differs is told of by lines of balances.'),
  FeeReportAsked: unpublished('What differs is told of by lines of balances.'),
  FeeReportRead: unpublished('What differs is told of by lines of balances.'),
  ...disputePublicEvents,
  ...transferPublicEvents,
  DestinationPaymentCaptured: [succeeded, transferCreated],
  ReversingRefundCreated: [refundCreated, transferReversed],
  ReversingRefundFailed: [refundFailed],
  ...splitPublicEvents,
  SplitPaymentCaptured: [succeeded, splitCreated],
  SplitRefundCreated: [refundCreated],
  SplitRefundFailed: [refundFailed],
  AccountSettlementClosed: unpublished('Nothing became available.'),
  SettlementClosed: unpublished('Nothing became available.'),
});
