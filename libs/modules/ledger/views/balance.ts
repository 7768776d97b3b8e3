import {
  digits,
  flag,
  list,
  named,
  nullable,
  object,
  page,
  pageMembers,
  position,
  text,
  whole,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import { accountType, currency } from './account';

const debits = digits('The sum of all debits, in minor units.', '0');
const credits = digits('The sum of all credits, in minor units.', '9700');
const nothing = digits('The sum of all credits, in minor units.', '0');

/** The sides of an account's balance; `running` of an entry is this alone. */
export const sides = {
  posted: object(
    { debits, credits, balance: digits('The posted balance in the normal direction.', '9700') },
    'What is posted.',
  ),
  pending: object({ debits, credits: nothing }, 'What open holds hold.'),
  available: digits(
    'The posted balance less what holds may still take, in the normal direction of the account; ' +
      '`min_balance` bounds it.',
    '9700',
  ),
} as const;

/** An account's balance after the last event that touched it. */
export const balanceAfter = object(
  {
    currency,
    ...sides,
    version: whole('The version of the account after it.', 4),
  },
  'The balance of an account.',
);

export const balanceShape = named(
  'Balance',
  'The balance of an account, now or as of a moment.',
  object({
    currency,
    ...sides,
    version: nullable(whole('The version of the account; null as of a moment.', 4), 'value'),
    position,
  }),
);
export type BalanceView = ViewOf<typeof balanceShape>;
export type BalanceAfter = ViewOf<typeof balanceAfter>;
export type RunningBalance = Pick<BalanceView, 'posted' | 'pending' | 'available'>;

export const subtreeBalanceShape = named(
  'SubtreeBalance',
  'The sum of the balances of a subtree of accounts in one currency.',
  object({
    prefix: text('The first `group_by_segments` segments, or the whole prefix.', 'merchants:acme'),
    currency,
    accounts: whole('How many accounts are summed.', 2),
    posted: object({ debits, credits }, 'What is posted.'),
    pending: object({ debits, credits: nothing }, 'What open holds hold.'),
  }),
);
export const subtreeBalancePage = page(subtreeBalanceShape);
export type SubtreeBalanceView = ViewOf<typeof subtreeBalanceShape>;

const accountLine = object({
  account: text('The address of the account.', 'merchants:acme:payable'),
  type: accountType,
  currency,
  debits,
  credits,
});
const total = object({ currency, debits: digits('The sum of all debits.', '9700'), credits });
export const trialBalanceShape = named(
  'TrialBalance',
  'The debits and credits of accounts, and the totals per currency.',
  object({
    data: list(accountLine, 'The accounts of this page.'),
    totals: list(total, 'Per currency, over the whole ledger, not the page.'),
    balanced: flag(
      'The debits equal the credits in every currency: what does not balance gets `read_model_inconsistent`.',
      true,
    ),
    ...pageMembers,
    position,
  }),
);
export type TrialBalanceView = ViewOf<typeof trialBalanceShape>;
