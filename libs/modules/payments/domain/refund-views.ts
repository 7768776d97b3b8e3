import {
  answered,
  constant,
  digits,
  livemode,
  metadata,
  named,
  nullable,
  object,
  oneOf,
  optional,
  page,
  position,
  text,
  time,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import { refundReasons, refundStatuses } from './facts';
import { currency, maybe } from './view-members';

const refundMembers = {
  id: text('The id of the refund.', 're_1'),
  object: constant('refund'),
  payment: text('The id of the payment.', 'pay_1'),
  status: oneOf(
    '`pending` until the rail has said what became of it. One that succeeded may still fail.',
    refundStatuses,
    'succeeded',
  ),
  amount: digits('In minor units.', '3333'),
  currency,
  application_fee_refunded: nullable(
    digits('What went back of the fee with it, 0 once it failed; null: that was not asked for.', '411'),
  ),
  transfer_reversed: nullable(
    digits('What of the transfer came back, 0 once it failed; null: that was not asked for.', '3333'),
  ),
  reason: nullable(oneOf('Why it was made.', refundReasons, 'requested_by_customer'), 'value'),
  failure_reason: maybe('Why it failed.', 'expired_or_canceled_card'),
  created_at: time('When it was made.'),
  livemode,
  metadata,
} as const;
export const refundShape = named(
  'Refund',
  'Money that goes back to a payer.',
  object({ ...refundMembers, position: optional(position) }),
);
/** A shape that was published only grows: what does not apply is left out there, and not null. */
export const toldRefundShape = named(
  'ToldRefund',
  'A refund, as an event tells it.',
  object({
    ...refundMembers,
    application_fee_refunded: optional(
      digits('What went back of the fee with it; left out: that was not asked for.', '411'),
    ),
    transfer_reversed: optional(
      digits('What of the transfer came back; left out: that was not asked for.', '3333'),
    ),
    position: optional(position),
  }),
);
export type ToldRefundView = ViewOf<typeof toldRefundShape>;
export const refundAnswer = named(
  'RefundAnswer',
  'A refund that was just made.',
  object({ ...refundMembers, ...answered }),
);
export const refundPage = page(refundShape);
export type RefundView = ViewOf<typeof refundShape>;
