import { detailShapes } from '@fintech-ledger/ledger/domain';
import {
  answered,
  constant,
  digits,
  either,
  flag,
  list,
  metadata,
  named,
  nullable,
  object,
  oneOf,
  page,
  record,
  text,
  time,
  whole,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import { linesToldMax, reversalsNamedMax } from '@fintech-ledger/ledger/domain';
import { currency } from './account';
import { balanceAfter, sides } from './balance';
import { bulkRefusal } from './bulk-refusal';

const entryMembers = {
  account: text('The address of the account.', 'merchants:acme:payable'),
  direction: oneOf('The side of the account.', ['debit', 'credit'], 'credit'),
  amount: digits('In minor units.', '9700'),
  currency,
} as const;

const line = object({
  ...entryMembers,
  held: digits('How much of it is held.', '0'),
  captured: digits('How much of it is posted.', '9700'),
  reversed: digits('How much of it was reversed.', '0'),
});
const otherLine = {
  ...line.example,
  account: 'cash:stripe',
  direction: 'debit',
} as const;

const entriesText =
  'Its entries, as they were given, and how far each has come. ' +
  `In the answer to a capture of a hold of more than ${linesToldMax} entries: those that it changed.`;
const reversedByText =
  `The first ${reversalsNamedMax} transactions that reverse it; ` +
  'the list of transactions has all of them by its `reverses`.';

const members = {
  id: text('The id of the transaction.', 'txn_1'),
  object: constant('transaction'),
  status: oneOf(
    'A hold is `pending` until it is captured (`posted`), voided or expired.',
    ['posted', 'pending', 'voided', 'expired'],
    'posted',
  ),
  is_hold: flag('Whether it was placed as a hold.', false),
  entries: list(line, entriesText, [otherLine, line.example]),
  ...detailShapes,
  effective_at: time('When it counts, as the client says.'),
  recorded_at: time('When it was recorded.', '2026-01-31T12:00:00.123Z'),
  expires_at: nullable(time('When the hold expires; null: never.')),
  reverses: nullable(text('The transaction that it reverses.', 'txn_0')),
  reversed_by: list(text('The id of a transaction.', 'txn_2'), reversedByText, []),
  metadata,
} as const;

export const transactionShape = named('Transaction', 'A transaction, or a hold.', object(members));
export const transactionPage = page(transactionShape);
export const transactionAnswer = named(
  'TransactionAnswer',
  'A transaction after a command on it.',
  object({
    ...members,
    balances: record(balanceAfter, 'The balance of each account that it touched, by address, after it.', {
      'merchants:acme:payable': balanceAfter.example,
    }),
    ...answered,
  }),
);
export type TransactionView = ViewOf<typeof transactionShape>;
export type TransactionAnswer = ViewOf<typeof transactionAnswer>;

export const bulkAnswer = named(
  'BulkAnswer',
  'The results of a bulk.',
  object({
    data: list(
      either(transactionAnswer, bulkRefusal),
      'One result for each transaction of the request, in its order.',
      [transactionAnswer.example, bulkRefusal.example],
    ),
    ...answered,
  }),
);

export const accountEntryShape = named(
  'Entry',
  'A line of the statement of an account: one entry with its transaction, its event and the running balance.',
  object({
    object: constant('entry'),
    ...entryMembers,
    effect: oneOf(
      '`post` adds to what is posted, `hold` to what is pending, `release` takes from what is pending, ' +
        '`capture` moves it to what is posted.',
      ['post', 'hold', 'release', 'capture'],
      'post',
    ),
    transaction: text('The id of its transaction.', 'txn_1'),
    event: object(
      {
        id: text('The id of the event.', '0198a8a5-64f4-7c3e-9d2b-5a3c61d10f42'),
        type: text('The type of the event.', 'TransactionPosted'),
        revision: whole('Where it is in the journal of the ledger, from 0.', 42),
      },
      'The event that it is of.',
    ),
    description: nullable(text('The description of its transaction.', 'order 1001'), 'value'),
    effective_at: time('When it counts.'),
    recorded_at: time('When it was recorded.', '2026-01-31T12:00:00.123Z'),
    running: object(sides, 'The balance of the account after this entry.'),
  }),
);
export const accountEntryPage = page(accountEntryShape);
export type AccountEntryView = ViewOf<typeof accountEntryShape>;
