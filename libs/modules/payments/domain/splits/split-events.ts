import { eventType, listOf, named, object, text } from '@fintech-ledger/contract';
import type { EventOf } from '@fintech-ledger/contract';
import { bookingEvent } from '@fintech-ledger/ledger/domain';
import { touchesParty } from '../charges/charge';
import type { PaymentFacts, RefundFacts } from '../facts';
import { nettingKey, paymentKey, refundKey, splitKey } from '../records';
import { partiesMax } from './limits';
import { split } from './split-facts';
import type { SplitFacts } from './split-facts';
import { disputedSplitPayment, sharedRefund, splitPayment, undoneSharedRefund } from './split-versions';

interface OfSplit {
  readonly split: SplitFacts;
}
interface OfPayment extends OfSplit {
  readonly payment: PaymentFacts;
}
/** What the parties gave back of a lost dispute, or have again of that. Minor units. */
interface SplitReversal {
  /** Of the dispute. */
  readonly amount: string;
  readonly dispute: string;
  /** Of each party. */
  readonly shares: readonly string[];
}
interface OfReversal extends OfPayment {
  readonly reversal: SplitReversal;
}
interface OfRefund extends OfPayment {
  readonly refund: RefundFacts;
}

const touches = ({ payment, split: { id } }: OfPayment): readonly string[] => [
  paymentKey(payment.id),
  splitKey(id),
  ...touchesParty(payment),
];
const touchesRefund = (data: OfRefund): readonly string[] => {
  const { attempt, currency } = data.payment;
  const netting = attempt === null ? [] : [nettingKey(attempt.rail, currency)];
  return [refundKey(data.refund.id), ...touches(data), ...netting];
};

const units = text({ description: 'Minor units, zero or more', pattern: '^(?:0|[1-9][0-9]{0,35})$' });
const reversal = named(
  'splitReversal',
  object<SplitReversal>({
    amount: text({ description: 'Of what the dispute took, minor units', pattern: '^[1-9][0-9]{0,35}$' }),
    dispute: text({ pattern: '^dp_[0-9A-Za-z_-]+$' }),
    shares: listOf(units, { minItems: 1, maxItems: partiesMax }),
  }),
);

/** What the journal of a payments ledger says of splits. */
export const splitEventTypes = [
  bookingEvent<'SplitPaymentCaptured', OfPayment>({
    name: 'SplitPaymentCaptured',
    description: 'The rail has captured a payment, and each party of its split has its share.',
    fields: { payment: splitPayment, split },
    touches,
  }),
  bookingEvent<'SplitCreated', OfPayment>({
    name: 'SplitCreated',
    description:
      "A captured payment of the platform's was split: each party has its share, pending as long as it is.",
    fields: { payment: splitPayment, split },
    touches,
  }),
  eventType({
    name: 'SplitUpdated',
    description: 'A split was described otherwise. Nothing is booked.',
    schema: object<OfSplit>({ split }),
    touches: ({ split: { id } }) => [splitKey(id)],
  }),
  bookingEvent<'SplitRefundCreated', OfRefund>({
    name: 'SplitRefundCreated',
    description:
      'A refund is to be made: it leaves the balance, and each party of the split gives back its part. ' +
      'The rail is called after this.',
    fields: { payment: splitPayment, refund: sharedRefund, split },
    touches: touchesRefund,
  }),
  bookingEvent<'SplitRefundFailed', OfRefund>({
    name: 'SplitRefundFailed',
    description: 'A refund failed; the balance has it back, and each party of the split what it gave back.',
    fields: { payment: splitPayment, refund: undoneSharedRefund, split },
    touches: touchesRefund,
  }),
  bookingEvent<'SplitReversed', OfReversal>({
    name: 'SplitReversed',
    description: 'A dispute of the payment was lost: each party of the split gives back its part of it.',
    fields: { payment: disputedSplitPayment, reversal, split },
    touches,
  }),
  bookingEvent<'SplitRestored', OfReversal>({
    name: 'SplitRestored',
    description:
      'A dispute that was lost is won after all: each party of the split has again what it gave back of it.',
    fields: { payment: disputedSplitPayment, reversal, split },
    touches,
  }),
] as const;
export type SplitMoneyEvent = EventOf<(typeof splitEventTypes)[number]>;

const names = new Set<string>(splitEventTypes.map(({ name }) => name));
export const isSplitEvent = (event: { readonly type: string }): event is SplitMoneyEvent =>
  names.has(event.type);
