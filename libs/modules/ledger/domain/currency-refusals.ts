import { refusal } from '@fintech-ledger/contract';

export const invalidCurrency = refusal(
  'invalid_currency',
  'malformed',
  'A currency is an ISO 4217 code or the code of a declared unit: `[A-Z][A-Z0-9._-]{0,23}`.',
);
export const unknownCurrency = refusal(
  'unknown_currency',
  'rule',
  'The code is neither an ISO 4217 currency nor a unit that the organization declared.',
);
export const withdrawnCurrency = refusal(
  'withdrawn_currency',
  'rule',
  'The currency is no longer in ISO 4217 at that time.',
);
