import { refusal, scopeBeyondOwn } from '@fintech-ledger/contract';
import { invalidCurrency } from './currency-refusals';

export const invalidAddress = refusal(
  'invalid_address',
  'malformed',
  'An account address has segments of `[A-Za-z0-9_-]` with `:` between, at most 255 characters.',
);
export const accountExists = refusal('account_exists', 'conflict', 'The address is taken.');
export const accountNotFound = refusal(
  'account_not_found',
  'not_found',
  'There is no such account in this ledger (at that time).',
);
export const accountNotOpen = refusal('account_not_open', 'conflict', 'The account is not open.');
export const accountNotFrozen = refusal('account_not_frozen', 'conflict', 'The account is not frozen.');
export const accountNotClosed = refusal('account_not_closed', 'conflict', 'The account is not closed.');
export const accountNotEmpty = refusal(
  'account_not_empty',
  'conflict',
  'An account is closed only with a balance of zero and nothing pending.',
);
export const invalidBounds = refusal('invalid_bounds', 'malformed', '`min_balance` is above `max_balance`.');
export const boundViolated = refusal(
  'bound_violated',
  'rule',
  'The new bound contradicts the balance that the account has already.',
);

// What each command may be refused with, in the order of precedence.
export const openAccountRefusals = [
  invalidAddress,
  accountExists,
  invalidCurrency,
  invalidBounds,
  boundViolated,
] as const;
const ofAccount = [invalidAddress, accountNotFound, scopeBeyondOwn] as const;
export const amendAccountRefusals = [...ofAccount, invalidBounds, boundViolated] as const;
export const freezeAccountRefusals = [...ofAccount, accountNotOpen] as const;
export const unfreezeAccountRefusals = [...ofAccount, accountNotFrozen] as const;
export const closeAccountRefusals = [...ofAccount, accountNotOpen, accountNotEmpty] as const;
export const reopenAccountRefusals = [...ofAccount, accountNotClosed] as const;
export const showAccountRefusals = [accountNotFound] as const;

export const refusalsOfAccounts = [
  ...openAccountRefusals,
  ...amendAccountRefusals,
  ...freezeAccountRefusals,
  ...unfreezeAccountRefusals,
  ...closeAccountRefusals,
  ...reopenAccountRefusals,
] as const;
