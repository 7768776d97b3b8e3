import { eventType, nextVersion, object, text, time } from '@fintech-ledger/contract';
import type { EventOf, Schema } from '@fintech-ledger/contract';
import { bookingEvent, bookingSchema, currency } from '@fintech-ledger/ledger/domain';
import type { PaymentFacts } from '../facts';
import {
  accountSettlementKey,
  nettingKey,
  ownerKey,
  paymentKey,
  settlementKey,
  transferKey,
} from '../records';
import { reversal, transfer } from './transfer-facts';
import type { ReversalFacts, TransferFacts } from './transfer-facts';
import { transferredPayment } from './transfer-versions';

interface OfTransfer {
  readonly transfer: TransferFacts;
}
interface OfReversal extends OfTransfer {
  readonly reversal: ReversalFacts;
}
interface OfSource {
  readonly payment: PaymentFacts;
}
/** What becomes available of a connected account's. */
export interface AccountSettlementFacts {
  readonly account: string;
  readonly amount: string;
  readonly availableOn: string;
  readonly currency: string;
  /** What the rail kept back of it; below zero: what it gave back. */
  readonly kept: string;
  readonly rail: string;
}

const touches = ({ transfer: { destination, id } }: OfTransfer): readonly string[] => [
  transferKey(id),
  ownerKey(destination),
];
/** Besides the transfer its source, and what becomes available with that of both. */
function touchesSource(data: OfTransfer & OfSource): readonly string[] {
  const { attempt, availableOn, currency: code, id } = data.payment;
  const keys = [...touches(data), paymentKey(id)];
  if (attempt === null || availableOn === null) return keys;
  const { rail } = attempt;
  return [
    ...keys,
    settlementKey(rail, code, availableOn),
    accountSettlementKey(data.transfer.destination, rail, code, availableOn),
  ];
}

const units = text({
  description: 'Minor units, which may be below zero',
  pattern: '^(?:0|-?[1-9][0-9]{0,35})$',
});
const more = text({ description: 'Minor units', pattern: '^[1-9][0-9]{0,35}$' });

const settlementOf = (amount: Schema<string>) => ({
  settlement: object<AccountSettlementFacts>({
    account: text({ pattern: '^acct_[0-9A-Za-z]+$' }),
    amount,
    availableOn: time,
    currency,
    kept: units,
    rail: text(),
  }),
});
const settledDescription = 'What a connected account had pending of a rail up to a moment becomes available.';
/** In its first version it was never below zero. */
const accountSettled = bookingEvent<'AccountSettled', { readonly settlement: AccountSettlementFacts }>({
  name: 'AccountSettled',
  description: settledDescription,
  fields: settlementOf(more),
  touches: ({ settlement: { account, availableOn, currency: code, rail } }) => [
    accountSettlementKey(account, rail, code, availableOn),
    nettingKey(rail, code),
  ],
});

/** What the journal of a payments ledger says of transfers. */
export const transferEventTypes = [
  bookingEvent<'TransferCreated', OfTransfer>({
    name: 'TransferCreated',
    description: 'Money goes from the balance of the platform to that of a connected account.',
    fields: { transfer },
    touches,
  }),
  bookingEvent<'PaymentTransferCreated', OfTransfer & OfSource>({
    name: 'PaymentTransferCreated',
    description:
      "Money of a payment of the platform's goes to a connected account, pending as long as it is.",
    fields: { payment: transferredPayment, transfer },
    touches: touchesSource,
  }),
  eventType({
    name: 'TransferUpdated',
    description: 'A transfer was described otherwise. Nothing is booked.',
    schema: object<OfTransfer>({ transfer }),
    touches,
  }),
  bookingEvent<'TransferReversed', OfReversal>({
    name: 'TransferReversed',
    description: 'What was transferred goes back, or a part of it.',
    fields: { reversal, transfer },
    touches,
  }),
  bookingEvent<'PaymentTransferReversed', OfReversal & OfSource>({
    name: 'PaymentTransferReversed',
    description: 'What was transferred of a payment goes back, or a part of it: first what is pending still.',
    fields: { payment: transferredPayment, reversal, transfer },
    touches: touchesSource,
  }),
  nextVersion(accountSettled, {
    description: settledDescription,
    schema: bookingSchema(settlementOf(units)),
    touches: (data) => accountSettled.touches(data),
    upcast: (data) => data,
  }),
] as const;
export type TransferEvent = EventOf<(typeof transferEventTypes)[number]>;

const names = new Set<string>(transferEventTypes.map(({ name }) => name));
export const isTransferEvent = (event: { readonly type: string }): event is TransferEvent =>
  names.has(event.type);
