import {
  constant,
  digits,
  list,
  named,
  nullable,
  object,
  oneOf,
  text,
  time,
  whole,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';

const balance = (description: string) =>
  object(
    {
      debits: digits('The sum of all debits, in minor units.', '0'),
      credits: digits('The sum of all credits, in minor units.', '9700'),
      balance: digits('In the normal direction of the account.', '9700'),
    },
    description,
  );

const line = object(
  {
    transaction: text('The id of its transaction.', 'txn_1'),
    event: object(
      {
        id: text('The id of the event.', '0198a8a5-64f4-7c3e-9d2b-5a3c61d10f42'),
        type: text('The type of the event.', 'TransactionPosted'),
        revision: whole('Where it is in the journal of the ledger, from 0.', 42),
      },
      'The event that it is of.',
    ),
    effective_at: time('When it counts.'),
    recorded_at: time('When it was recorded.', '2026-01-31T12:00:00.123Z'),
    description: nullable(text('The description of its transaction.', 'order 1001'), 'value'),
    direction: oneOf('Its side.', ['debit', 'credit'], 'credit'),
    amount: digits('In minor units.', '9700'),
    balance: digits('What is posted after it, in the normal direction, in the order of the axis.', '9700'),
  },
  'An entry that was posted.',
);

export const statementShape = named(
  'Statement',
  'What was posted in an account in a period.',
  object({
    object: constant('statement'),
    ledger: text('The id of the ledger.', 'led_1'),
    account: text('The address of the account.', 'merchants:acme:payable'),
    currency: text('Its unit.', 'USD'),
    axis: oneOf('Which times count.', ['effective', 'recorded'], 'effective'),
    from: time('Where it begins, inclusive.', '2026-01-01T00:00:00.000Z'),
    to: time('Where it ends, exclusive.', '2026-02-01T00:00:00.000Z'),
    opening_balance: balance('What was posted before it.'),
    entries: list(line, 'The entries, oldest first. Holds are not among them until they are captured.'),
    closing_balance: balance('What was posted at its end.'),
  }),
);
export type Statement = ViewOf<typeof statementShape>;
export type StatementLine = Statement['entries'][number];
