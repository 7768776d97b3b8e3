import { eventType, object, text, time } from '@fintech-ledger/contract';
import type { Schema } from '@fintech-ledger/contract';
import { bookingEvent, currency } from '@fintech-ledger/ledger/domain';
import type { PaymentFacts, RefundFacts } from '../facts';
import { accountSettlementKey, nettingKey, paymentKey, refundKey, transferKey } from '../records';
import { transfer } from '../transfers/transfer-facts';
import type { TransferFacts } from '../transfers/transfer-facts';
import { touchesParty } from './charge';
import { chargedPayment, reversedPayment, reversingRefund, undoneRefund } from './charge-versions';

interface OfCapture {
  readonly payment: PaymentFacts;
  readonly transfer: TransferFacts;
}
interface OfRefund extends OfCapture {
  readonly refund: RefundFacts;
}
/** A settlement of a connected account that came to nothing. */
export interface ClosedAccountSettlement {
  readonly account: string;
  readonly availableOn: string;
  readonly currency: string;
  readonly rail: string;
}

const touches = ({ payment, transfer: { id } }: OfCapture): readonly string[] => {
  const { attempt, currency: code } = payment;
  const netting = attempt === null ? [] : [nettingKey(attempt.rail, code)];
  return [paymentKey(payment.id), transferKey(id), ...touchesParty(payment), ...netting];
};
const ofRefund = <const N extends string>(name: N, refund: Schema<RefundFacts>, description: string) =>
  bookingEvent<N, OfRefund>({
    name,
    description,
    fields: { payment: reversedPayment, refund, transfer },
    touches: (data) => [refundKey(data.refund.id), ...touches(data)],
  });

/** What the journal of a payments ledger says of payments that connected accounts get at once. */
export const chargeEventTypes = [
  bookingEvent<'DestinationPaymentCaptured', OfCapture>({
    name: 'DestinationPaymentCaptured',
    description:
      'The rail has captured a payment, a connected account gets it, or a part, and the platform its fee of that.',
    fields: { payment: chargedPayment, transfer },
    touches,
  }),
  ofRefund(
    'ReversingRefundCreated',
    reversingRefund,
    'A refund is to be made: it leaves the balance, and its part of the transfer comes back. ' +
      'The rail is called after this.',
  ),
  ofRefund(
    'ReversingRefundFailed',
    undoneRefund,
    'A refund failed; the balance has it back, and the connected account what came back of its transfer.',
  ),
  eventType({
    name: 'AccountSettlementClosed',
    description: 'What was to become available of a connected account came to nothing. Nothing is booked.',
    schema: object<{ readonly settlement: ClosedAccountSettlement }>({
      settlement: object<ClosedAccountSettlement>({
        account: text({ pattern: '^acct_[0-9A-Za-z]+$' }),
        availableOn: time,
        currency,
        rail: text(),
      }),
    }),
    touches: ({ settlement: { account, availableOn, currency: code, rail } }) => [
      accountSettlementKey(account, rail, code, availableOn),
    ],
  }),
] as const;
