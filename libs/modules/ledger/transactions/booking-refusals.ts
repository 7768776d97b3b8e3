/** What a new transaction may be refused for, in the documentation. */
export const bookingRefusals = [
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
  'invalid_time',
];

/** The same, where the entries are the client's. */
export const entriesRefusals = [...bookingRefusals, 'unbalanced', 'hold_too_large', 'bulk_too_large'];
