import { importShape } from '@fintech-ledger/books/formats';

/** A small export in each format, by its content type. */
export const exportExamples = {
  'application/x-ndjson': [
    '{"object":"export","format":1,"ledger":{"id":"led_1","name":"Marketplace"},"revision":0}',
    '{"object":"unit","code":"POINTS","exponent":0,"name":"Loyalty points"}',
    '{"object":"end","lines":2}\n',
  ].join('\n'),
  'text/csv': [
    'transaction,date,account,type,amount,unit,description,reference,address',
    'txn_1,2026-01-31T12:00:00.000Z,cash:stripe,asset,100.00,USD,order 1001,order-1001,cash:stripe',
    'txn_1,2026-01-31T12:00:00.000Z,merchants:acme,liability,-100.00,USD,order 1001,order-1001,merchants:acme\n',
  ].join('\n'),
  'text/plain': [
    '2026-01-31 order 1001',
    '    Assets:Cash:Stripe  100.00 USD',
    '    Liabilities:Merchants:Acme:Payable  -100.00 USD\n',
  ].join('\n'),
};

/** A small file of each type that is imported. */
export const importExamples = {
  'application/x-ndjson': exportExamples['application/x-ndjson'],
  'text/csv': exportExamples['text/csv'],
};

/** Lines of progress, then what was imported. */
export const progressExample = [
  {
    object: 'import_progress',
    bytes_done: 65_536,
    bytes_total: 131_072,
    transactions: 60,
    rate: 60,
    eta_seconds: 1,
  },
  importShape.example,
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');
