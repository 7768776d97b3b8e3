import { refusal } from '@fintech-ledger/contract';
import { accountManaged } from './managed';

export const tooFewEntries = refusal(
  'too_few_entries',
  'malformed',
  'A transaction has at least two entries.',
);
export const tooManyEntries = refusal(
  'too_many_entries',
  'malformed',
  'A transaction has at most 1,000 entries.',
);
export const invalidAmount = refusal(
  'invalid_amount',
  'malformed',
  'An amount is a string of 1 to 36 digits without a leading zero, in minor units; bounds may be zero or negative.',
);
export const unbalanced = refusal(
  'unbalanced',
  'rule',
  'In a currency the debits do not equal the credits; the answer names it and the difference.',
);
/** Of entries as they are given. */
export const parsingRefusals = [tooFewEntries, tooManyEntries, invalidAmount] as const;

export const unknownAccount = refusal(
  'unknown_account',
  'rule',
  'An entry names an account that this ledger does not have.',
);
export const accountClosed = refusal('account_closed', 'rule', 'The account is closed.');
export const accountFrozen = refusal(
  'account_frozen',
  'rule',
  'The account is frozen: nothing is booked to it.',
);
export const currencyMismatch = refusal(
  'currency_mismatch',
  'rule',
  'The entry is in another currency than its account.',
);
/** Of an account that is there, where something is to be booked to it. */
export const openRefusals = [accountClosed, accountFrozen] as const;
/** Of an account that an entry names. */
export const entryRefusals = [accountManaged, unknownAccount, ...openRefusals, currencyMismatch] as const;

export const insufficientFunds = refusal(
  'insufficient_funds',
  'rule',
  "The account's available balance would fall below its `min_balance`.",
);
export const balanceAboveMaximum = refusal(
  'balance_above_maximum',
  'rule',
  "The account's posted balance would rise above its `max_balance`.",
);
/** Of an account's bounds, after what would be booked. */
export const boundRefusals = [insufficientFunds, balanceAboveMaximum] as const;
