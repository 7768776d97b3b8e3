import { transactionAnswer } from '../views/transaction';

const entries = [
  { account: 'cash:stripe', direction: 'debit', amount: '10000', currency: 'USD' },
  { account: 'merchants:acme:payable', direction: 'credit', amount: '9700', currency: 'USD' },
  { account: 'platform:fees', direction: 'credit', amount: '300', currency: 'USD' },
] as const;

export const transactionExample = {
  entries,
  description: 'order 1001',
  reference: 'order-1001',
  metadata: { order: '1001' },
  preconditions: [{ account: 'merchants:acme:payable', available: { gte: '0' } }],
};

export const transferExample = {
  debit_account: 'cash:stripe',
  credit_account: 'merchants:acme:payable',
  amount: '10000',
  currency: 'USD',
  description: 'order 1001',
};

export const bulkExample = { atomic: false, transactions: [{ entries }] };

/** The answer to one line of a stream. */
export const linesExample = `${JSON.stringify(transactionAnswer.example)}\n`;
