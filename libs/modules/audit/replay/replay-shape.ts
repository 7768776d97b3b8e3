import {
  constant,
  digits,
  list,
  named,
  nullable,
  object,
  oneOf,
  page,
  text,
  time,
  whole,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';

const debits = digits('The sum of all debits, in minor units.', '0');
const credits = digits('The sum of all credits, in minor units.', '9700');
const side = object(
  { debits, credits, balance: digits('In the normal direction.', '9700') },
  'What is posted.',
);

const entry = object(
  {
    direction: oneOf('Its side.', ['debit', 'credit'], 'credit'),
    amount: digits('In minor units.', '9700'),
    currency: text('Its unit.', 'USD'),
    effect: oneOf(
      'What it does, as in the statement of the account.',
      ['post', 'hold', 'release', 'capture'],
      'post',
    ),
    transaction: nullable(text('The id of its transaction.', 'txn_1')),
  },
  'An entry of the event.',
);

export const replayStepShape = named(
  'ReplayStep',
  'An event of the history of an account, and what it came to.',
  object({
    object: constant('replay_step'),
    event: object(
      {
        id: text('The id of the event.', '0198a8a5-64f4-7c3e-9d2b-5a3c61d10f42'),
        type: text('The type of the event.', 'TransactionPosted'),
        revision: whole('Where it is in the journal of the ledger, from 0.', 42),
      },
      'The event.',
    ),
    position: text('The position of the ledger after it.', 'led_1@42'),
    recorded_at: time('When it was recorded.', '2026-01-31T12:00:00.123Z'),
    effective_at: time('When it counts.'),
    actor: text('Who caused it: the id of an API key, or `system`.', 'key_1'),
    request: object(
      {
        id: text('The id of the request, or of what caused it.', 'req_1'),
        idempotency_key: nullable(text('Under which it was asked for.', 'order-1001')),
      },
      'What it was asked for with.',
    ),
    entries: list(entry, 'Its entries in this account, in their order.'),
    balance: nullable(
      object(
        {
          posted: side,
          pending: object({ debits, credits }, 'What open holds hold.'),
          available: digits('The posted balance less what holds may still take.', '9700'),
        },
        'The balance of the account after the event; null: the event does not move it.',
      ),
      'value',
    ),
  }),
);
export const replayPage = page(replayStepShape);
export type ReplayStep = ViewOf<typeof replayStepShape>;
