import { refusal } from '@fintech-ledger/contract';

export const periodCloseNotFound = refusal(
  'period_close_not_found',
  'not_found',
  'There is no such close of the books of this ledger.',
);
