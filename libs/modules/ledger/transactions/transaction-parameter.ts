import { transactionNotFound } from '@fintech-ledger/ledger/domain';
import type { PathParameter } from '@fintech-ledger/http';

const pattern = /^txn_[A-Za-z0-9_-]{1,64}$/;

export const transactionParameter: PathParameter = {
  name: 'transaction',
  description: 'The id of the transaction.',
  schema: { type: 'string', pattern: pattern.source },
  accepts: (value) => pattern.test(value),
  refusal: transactionNotFound,
  detail: 'There is no such transaction.',
};
