import { transactionNotFound } from '@fintech-ledger/ledger/domain';
import type { PathParameter } from '@fintech-ledger/http';

export const transactionParameter: PathParameter = {
  name: 'transaction',
  description: 'The id of the transaction.',
  pattern: /^txn_[A-Za-z0-9_-]{1,64}$/,
  refusal: transactionNotFound,
  detail: 'There is no such transaction.',
};
