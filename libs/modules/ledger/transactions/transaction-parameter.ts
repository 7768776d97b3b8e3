import { transactionNotFound } from '@fintech-ledger/ledger/domain';
import type { PathParameter } from '@fintech-ledger/http';
import { transactionIdPattern } from '../rules';

export const transactionParameter: PathParameter = {
  name: 'transaction',
  description: 'The id of the transaction.',
  pattern: transactionIdPattern,
  refusal: transactionNotFound,
  detail: 'There is no such transaction.',
};
