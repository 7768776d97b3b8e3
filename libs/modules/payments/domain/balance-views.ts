import {
  constant,
  digits,
  list,
  livemode,
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
import { balanceLineTypes } from './balance-line';
import { buckets } from './chart';
import { currency } from './view-members';

const money = object({ amount: digits('In minor units; below zero: it is owed.', '9680'), currency });
const amounts = (description: string, amount = '0') =>
  list(money, description, [{ amount, currency: 'USD' }]);

export const balanceShape = named(
  'PaymentsBalance',
  'What an account of the environment has, in each currency that it ever had. A currency is in each of the lists.',
  object({
    object: constant('balance'),
    available: amounts('What may be paid out.', '9680'),
    pending: amounts('What rails have captured and not settled yet.'),
    reserved: amounts('What is held back of what is available.'),
    in_transit: amounts('What is being paid out: it has left the balance.'),
    livemode,
  }),
);
export type BalanceView = ViewOf<typeof balanceShape>;

export const negativeBalanceShape = named(
  'NegativeBalance',
  'A part of a balance that is below zero: the next money pays it.',
  object({
    object: constant('negative_balance'),
    account: text('Whose it is.', 'platform'),
    bucket: oneOf('Which part.', buckets, 'available'),
    amount: digits('In minor units, below zero.', '-1500'),
    receivable: digits('What is owed, in minor units.', '1500'),
    currency,
    livemode,
  }),
);
export const negativeBalancePage = page(negativeBalanceShape);
export type NegativeBalanceView = ViewOf<typeof negativeBalanceShape>;

/** What a public event says of a balance. */
export const availableShape = named(
  'AvailableBalance',
  'The balance in the currency of which something became available, after that.',
  object({
    object: constant('balance'),
    available: amounts('What may be paid out.', '9680'),
    pending: amounts('What rails have captured and not settled yet.'),
    connected_account: optional(text('Whose it is; left out: the platform’s.', 'acct_1')),
  }),
);
export type AvailableView = ViewOf<typeof availableShape>;

export const lineStatuses = ['pending', 'available'] as const;
const feeDetail = object({
  type: oneOf(
    "`processing_fee`: the rail's; `application_fee`: the platform's.",
    ['processing_fee', 'application_fee'],
    'processing_fee',
  ),
  amount: digits('In minor units.', '320'),
  currency,
  description: nullable(text('For a person.', 'Fee of the rail'), 'value'),
});
export const balanceTransactionShape = named(
  'BalanceTransaction',
  'A line of a balance. In each currency the nets of all lines are what is available, pending and reserved.',
  object({
    id: text('The id of the line.', 'bt_1'),
    object: constant('balance_transaction'),
    type: oneOf('What happened.', balanceLineTypes, 'payment'),
    amount: digits('In minor units; below zero: it leaves the balance.', '10000'),
    fee: digits('In minor units: what is taken of it.', '320'),
    net: digits('The amount less the fee.', '9680'),
    moved: nullable(
      digits('Of lines of a reserve: how much moved inside the balance; null: nothing did.', '1000'),
    ),
    fee_details: list(feeDetail, 'What the fee consists of.'),
    currency,
    source: text('What brought it about.', 'pay_1'),
    status: oneOf('`pending` until all of it is available.', lineStatuses, 'pending'),
    available_on: time('When it becomes available, or became so.'),
    created_at: time('When it was booked.'),
    livemode,
    position: optional(position),
  }),
);
export const balanceTransactionPage = page(balanceTransactionShape);
export type BalanceTransactionView = ViewOf<typeof balanceTransactionShape>;
