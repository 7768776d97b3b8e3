import {
  answered,
  constant,
  digits,
  flag,
  livemode,
  metadata,
  named,
  object,
  optional,
  page,
  position,
  text,
  time,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import { currency, maybe } from '../view-members';

const members = {
  id: text('The id of the transfer.', 'tr_1'),
  object: constant('transfer'),
  amount: digits('In minor units.', '3000'),
  amount_reversed: digits('What went back of it.', '0'),
  reversed: flag('Whether all of it went back.', false),
  currency,
  destination: text('The connected account that got it.', 'acct_1'),
  source_payment: maybe('The payment that it is of; null: it is of the available balance.', 'pay_1'),
  transfer_group: maybe('A label for what belongs together.', 'order-1001'),
  description: maybe('What it is for.', 'January'),
  created_at: time('When it was made.'),
  livemode,
  metadata,
} as const;
export const transferShape = named(
  'Transfer',
  'Money that went from the platform to a connected account.',
  object({ ...members, position: optional(position) }),
);
export const transferAnswer = named(
  'TransferAnswer',
  'A transfer, as a command left it.',
  object({ ...members, ...answered }),
);
export const transferPage = page(transferShape);
export type TransferView = ViewOf<typeof transferShape>;
