import {
  answered,
  constant,
  digits,
  metadata,
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

export const accountType = oneOf(
  'Its type, which says whether debits or credits are its normal side.',
  ['asset', 'expense', 'liability', 'equity', 'revenue'],
  'liability',
);
export const currency = text('An ISO 4217 code, or the code of a declared unit.', 'USD');

const members = {
  object: constant('account'),
  address: text('Its address within the ledger.', 'merchants:acme:payable'),
  type: accountType,
  currency,
  status: oneOf('Nothing is booked to one that is frozen or closed.', ['open', 'frozen', 'closed'], 'open'),
  min_balance: nullable(
    digits('What its available balance never falls below, in minor units; null: no bound.', '0'),
    'value',
  ),
  max_balance: nullable(
    digits('What its posted balance never rises above, in minor units; null: no bound.', '0'),
  ),
  metadata,
  version: whole('Counts the events that touched the account; for preconditions.', 3),
  opened_at: time('When it was opened.'),
} as const;

export const accountShape = named('Account', 'An account of a ledger.', object(members));
export const accountAnswer = named(
  'AccountAnswer',
  'An account after a command on it.',
  object({ ...members, ...answered }),
);
export const accountPage = page(accountShape);
export type AccountView = ViewOf<typeof accountShape>;
