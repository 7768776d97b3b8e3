import {
  constant,
  digits,
  livemode,
  named,
  object,
  optional,
  page,
  position,
  text,
  time,
  whole,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import type { PayoutBatchFacts } from './payout-batches';
import { currency } from './view-members';

export const payoutBatchShape = named(
  'PayoutBatch',
  'The payouts of a day in a currency that go by bank, as one file for it.',
  object({
    id: text('The id of the batch: of its day and currency.', 'pob_20260201EUR'),
    object: constant('payout_batch'),
    currency,
    amount: digits('What its payouts come to, in minor units.', '12500'),
    payouts: whole('How many they are; `GET /v1/payouts?batch=` lists them.', 3),
    bank_account: text('What it is paid from.', 'ba_1'),
    message_id: text('What the file calls itself (`MsgId`).', 'pob_20260201EUR-0123456789abcdef'),
    sends_at: time('`sends_at` of its payouts.'),
    created_at: time('When its last payout was sent: the file is there, and does not change.'),
    livemode,
    position: optional(position),
  }),
);
export const payoutBatchPage = page(payoutBatchShape);
export type PayoutBatchView = ViewOf<typeof payoutBatchShape>;

/** @param messageId of its file, see `messageIdOf` */
export const showPayoutBatch = (batch: PayoutBatchFacts, messageId: string): PayoutBatchView => ({
  id: batch.id,
  object: 'payout_batch',
  currency: batch.currency,
  amount: batch.amount,
  payouts: batch.count,
  bank_account: batch.debtor.id,
  message_id: messageId,
  sends_at: batch.sendsAt,
  created_at: batch.createdAt,
  livemode: batch.livemode,
});
