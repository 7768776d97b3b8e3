/** What a new transaction may be refused for, in the documentation. */
export const bookingRefusals = [
  'ledger_not_found',
  'unbalanced',
  'unknown_account',
  'account_frozen',
  'account_closed',
  'currency_mismatch',
  'insufficient_funds',
  'balance_above_maximum',
  'precondition_failed',
  'version_conflict',
  'reference_taken',
  'expires_in_the_past',
  'hold_too_large',
];
