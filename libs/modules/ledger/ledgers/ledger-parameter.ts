import { refusal } from '@fintech-ledger/contract';
import type { PathParameter } from '@fintech-ledger/http';

export const ledgerNotFound = refusal(
  'ledger_not_found',
  'not_found',
  'There is no such ledger, or it belongs to another organization.',
);

export const ledgerParameter: PathParameter = {
  name: 'ledger',
  description: 'The id of the ledger.',
  pattern: /^led_[A-Za-z0-9_-]{1,64}$/,
  refusal: ledgerNotFound,
  detail: 'There is no such ledger.',
};
