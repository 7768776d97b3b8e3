import type { HttpRequest } from '../http-spec';
import type { Sample } from './any-operation';
import { entry, transferOf } from './sample-books';
import type { SampleBooks } from './sample-books';

/** By operation, a body that is accepted. Its members are varied one by one. */
const bodies: Readonly<Record<string, object | string>> = {
  createLedger: { name: 'x', description: 'x', metadata: { a: 'b' } },
  declareUnit: { code: 'HOURS', exponent: 0, name: 'Hours' },
  createSandbox: { name: 'x' },
  createApiKey: { name: 'x', scopes: ['ledger:read'] },
  openAccount: {
    ...{ address: 'new', type: 'asset', currency: 'USD', min_balance: '0', max_balance: '9' },
    metadata: { a: 'b' },
  },
  amendAccount: { min_balance: null, max_balance: null, metadata: { a: 'b' } },
  postTransfer: transferOf('cash', 'sales', '1', {
    ...{ description: 'x', reference: 'new', metadata: { a: 'b' }, effective_at: '2026-01-01T00:00:00Z' },
    preconditions: [{ account: 'cash', version: 1 }],
  }),
  postTransaction: {
    entries: [entry('cash', 'debit'), entry('sales', 'credit')],
    ...{ description: 'x', reference: 'new', metadata: { a: 'b' }, effective_at: '2026-01-01T00:00:00Z' },
    preconditions: [{ account: 'cash', version: 1 }],
  },
  postTransactions: {
    transactions: [
      {
        entries: [entry('cash', 'debit'), entry('sales', 'credit')],
        metadata: { a: 'b' },
        effective_at: null,
      },
    ],
    atomic: false,
  },
  captureHold: { entries: [entry('cash', 'debit'), entry('sales', 'credit')] },
  reverseTransaction: {
    entries: [entry('cash', 'debit'), entry('sales', 'credit')],
    ...{ description: 'x', metadata: { a: 'b' }, effective_at: '2026-01-01T00:00:00Z' },
  },
  createWebhookEndpoint: {
    ...{ url: 'https://127.0.0.1/hook', event_types: ['hold.*'], ordering: 'strict', description: 'x' },
    headers: { 'X-Shop': '1' },
  },
  changeWebhookEndpoint: {
    ...{ url: 'https://127.0.0.1/hook', event_types: ['hold.*'], ordering: 'strict', description: null },
    headers: { 'X-Shop': '1' },
  },
  rotateWebhookSecret: { overlap_seconds: 1 },
  enableWebhookEndpoint: { skip_backlog: false },
  testWebhookEndpoint: { type: 'hold.placed' },
  importBooks:
    'transaction,date,account,amount,unit\n1,2026-01-01,assets:a,1,USD\n1,2026-01-01,equity:b,-1,USD\n',
};
const states: Readonly<Record<string, string>> = {
  captureHold: 'hold',
  voidHold: 'toVoid',
};

export function sampleOf(operationId: string, template: string, { ledger, ids }: SampleBooks): Sample {
  const path = template
    .replace('{ledger}', ledger)
    .replace('{address}', 'cash')
    .replace('{transaction}', ids[states[operationId] ?? 'posted'] ?? '')
    .replace('{apiKey}', ids['apiKey'] ?? '')
    .replace('{sandbox}', ids['sandbox'] ?? '')
    .replace('{event}', 'evt_unknown')
    .replace('{endpoint}', ids['endpoint'] ?? '')
    .replace('{delivery}', 'msg_unknown');
  const body = bodies[operationId];
  if (operationId === 'importBooks') return { path, body: body ?? '', contentType: 'text/csv' };
  return { path, ...(body === undefined ? {} : { body }) };
}

/** By operation, what breaks a rule of its own. */
export function probesOf(
  operationId: string,
  { ledger, ids, weakKeys, sandboxKey }: SampleBooks,
): readonly HttpRequest[] {
  const to = (path: string, body?: unknown, more: object = {}): HttpRequest => ({
    path: `/v1/ledgers/${ledger}${path}`,
    ...(body === undefined ? {} : { body }),
    ...more,
  });
  const open = (more: object) => to('/accounts', { address: 'new', type: 'asset', currency: 'USD', ...more });
  const verb = (name: string, ...addresses: readonly string[]) =>
    addresses.map((address) => to(`/accounts/${address}/${name}?dry_run=true`));
  const on = (name: string, what: string, body?: object, more: object = {}) =>
    to(`/transactions/${ids[what]}/${name}?dry_run=true`, body, more);
  const pair = (amount: string, other = amount) => [
    entry('cash', 'debit', amount),
    entry('sales', 'credit', other),
  ];
  const parts = (name: string, hold: string, three: string): HttpRequest[] => [
    on(name, hold, { amount: '1000000' }),
    on(name, hold, { amount: 1 }),
    on(name, hold, { amount: '-1' }),
    on(name, three, { amount: '1' }),
    on(name, hold, { entries: pair('10', '9') }),
    on(name, hold, { entries: [entry('cash', 'debit'), entry('purse', 'credit')] }),
    on(name, hold, { entries: pair('1').slice(1) }),
    on(name, hold, { entries: Array(1_001).fill(entry('cash', 'debit')) }),
    on(name, hold, { entries: [{}, {}] }),
  ];
  const csv = (text: string, head = 'transaction,date,account,amount,unit') =>
    to('/imports?dry_run=true', `${head}\n${text}\n`, { headers: { 'content-type': 'text/csv' } });
  const ndjson = (text: string | Buffer) =>
    to('/imports', text, { headers: { 'content-type': 'application/x-ndjson' } });
  const table: Readonly<Record<string, readonly HttpRequest[]>> = {
    importBooks: [
      csv('1,2026-01-01,assets:a,1,USD\n1,2026-01-02,equity:b,-1,USD'),
      csv(Array.from({ length: 1_001 }, (_, i) => `1,2026-01-01,assets:a,1,U${i}`).join('\n')),
      csv('1,2026-01-01,assets:a,1,USD'),
      csv('1,03.04.2024,assets:a,1,USD\n1,2026-02-30,equity:b,1,\u2212$\n1,2026-01-01,(equity:c),,USD'),
      csv('1', 'transaction'),
      csv('"1'),
      ndjson(`{"object":"export","format":1,"ledger":{"id":"${ledger}","name":"x"},"revision":3}\n`),
      ...['{\n', '{"a":1,"a":2}\n', `${'['.repeat(10_000)}${']'.repeat(10_000)}\n`].map(ndjson),
      ...[Buffer.from([0x22, 0xff, 0x22, 0x0a]), `"${'x'.repeat(3_000_000)}"\n`].map(ndjson),
      ...['units=a%3Db%3Dc', 'types=a%3Dnope', 'columns=nope', absentColumns].map((query) =>
        to(`/imports?${query}&dry_run=true`, 'x', { headers: { 'content-type': 'text/csv' } }),
      ),
      csv(scattered()),
      // A body of JSON is read before it is refused for being JSON.
      ...[
        '{',
        '{"a":1,"a":2}',
        `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
        `"${'x'.repeat(10_000_001)}"`,
      ].map((body) => to('/imports', body)),
      to('/imports', Buffer.from([0x22, 0xff, 0x22])),
      to('/imports/nope'),
    ],
    declareUnit: ['USD', 'POINTS'].flatMap((code) =>
      [0, 2].map((exponent) => ({ path: '/v1/units', body: { code, exponent, name: 'x' } })),
    ),
    openAccount: [
      open({ address: 'cash' }),
      open({ currency: 'ZZZ' }),
      open({ currency: 'DEM' }),
      open({ min_balance: '2', max_balance: '1' }),
      open({ min_balance: '2' }),
    ],
    amendAccount: [{ min_balance: '9', max_balance: '1' }, { min_balance: '100000' }].map((body) =>
      to('/accounts/purse', body, { method: 'PATCH' }),
    ),
    freezeAccount: verb('freeze', 'frozen'),
    unfreezeAccount: verb('unfreeze', 'cash'),
    closeAccount: verb('close', 'purse', 'closed', 'frozen'),
    reopenAccount: verb('reopen', 'cash'),
    captureHold: [
      ...parts('capture', 'hold', 'threeHeld'),
      ...['posted', 'captured', 'voided', 'expired', 'onIce', 'held600', 'heldOfDeep'].map((what) =>
        on('capture', what),
      ),
    ],
    voidHold: ['posted', 'captured', 'voided', 'expired'].map((what) => on('void', what)),
    reverseTransaction: [
      ...parts('reverse', 'posted', 'three'),
      on('reverse', 'reference', { allow_overdraft: true }, { apiKey: weakKeys[1] }),
      ...['hold', 'voided', 'expired', 'reversed', 'ofIce', 'toGone', 'outOfPurse', 'drained'].map((what) =>
        on('reverse', what),
      ),
    ],
    createSandbox: [
      { path: '/v1/sandboxes', body: { name: 'x' }, apiKey: sandboxKey },
      { path: '/v1/sandboxes', body: { name: 'x' } },
    ],
    revokeApiKey: [{ path: `/v1/api_keys/${ids['revokedKey']}/revoke` }],
    listPublicEvents: ['ledger=led_unknown', 'type=payment.created'].map((query) => ({
      method: 'GET',
      path: `/v1/events?${query}`,
    })),
    ...ofWebhooks(ids),
    deleteApiKey: [{ path: `/v1/api_keys/${ids['revokedKey']}`, method: 'DELETE' }],
  };
  return table[operationId] ?? bookings(operationId, to);
}

function ofWebhooks(ids: SampleBooks['ids']): Readonly<Record<string, readonly HttpRequest[]>> {
  const url = 'https://127.0.0.1/hook';
  const settings = [
    { url: 'https://user:password@127.0.0.1/', event_types: ['hold.*'] },
    { url: 'https://10.0.0.1/', event_types: ['hold.*'] },
    { url, event_types: ['hold.lost'] },
    { url, event_types: ['payment.*'] },
    { url, event_types: ['hold.*'], headers: { Host: 'x' } },
  ];
  const [on, off] = ['endpoint', 'disabledEndpoint'].map((name) => `/v1/webhook_endpoints/${ids[name]}`);
  return {
    createWebhookEndpoint: settings.map((body) => ({ path: '/v1/webhook_endpoints?dry_run=true', body })),
    changeWebhookEndpoint: settings.map((body) => ({ method: 'PATCH', path: `${on}?dry_run=true`, body })),
    enableWebhookEndpoint: [{ path: `${on}/enable?dry_run=true` }],
    disableWebhookEndpoint: [{ path: `${off}/disable?dry_run=true` }],
    testWebhookEndpoint: [
      { path: `${on}/test`, body: { type: 'hold.lost' } },
      { path: `${off}/test`, body: { type: 'hold.placed' } },
    ],
  };
}

/** What names columns that the file does not have. */
const absentColumns = 'columns=transaction%3Da,date%3Db,account%3Dc,amount%3Dd';

/** More postings than an import holds until their transaction is whole, which is 500,000. */
function scattered(): string {
  const posting = (transaction: number) => `${transaction},2026-01-01,assets:a,1,USD\n`;
  return `${posting(1).repeat(500_001)}${posting(2)}${posting(1)}`;
}

/** What no booking may be, as a transaction, a transfer, or one of a bulk. */
function bookings(
  operationId: string,
  to: (path: string, body: unknown) => HttpRequest,
): readonly HttpRequest[] {
  const past = { pending: true, expires_at: '2020-01-01T00:00:00Z' };
  const wrong: readonly [string, string, string, object][] = [
    ['nobody', 'sales', '1', {}],
    ['frozen', 'sales', '1', {}],
    ['closed', 'sales', '1', {}],
    ['euros', 'sales', '1', {}],
    ['purse', 'sales', '100000', {}],
    ['cash', 'purse', '100000', {}],
    ['cash', 'sales', '1', { reference: 'taken' }],
    ['cash', 'sales', '1', past],
    ['cash', 'sales', '1', { preconditions: [{ account: 'purse', available: { gte: '999999' } }] }],
    ['cash', 'sales', '1', { preconditions: [{ account: 'purse', version: 999 }] }],
  ];
  const transactions = wrong.map(([debit, credit, amount, more]) => ({
    entries: [entry(debit, 'debit', amount), entry(credit, 'credit', amount)],
    ...more,
  }));
  const odd = [
    { entries: [entry('cash', 'debit', '2'), entry('sales', 'credit', '1')] },
    { entries: [entry('cash', 'debit')] },
    { entries: Array(1_001).fill(entry('cash', 'debit')) },
  ];
  const bulk = (all: readonly object[]) => to('/transactions/bulk', { transactions: all, atomic: true });
  switch (operationId) {
    case 'postTransfer':
      return wrong.map(([debit, credit, amount, more]) =>
        to('/transfers', transferOf(debit, credit, amount, more)),
      );
    case 'postTransaction':
      return [...transactions, ...odd].map((body) => to('/transactions', body));
    case 'postTransactions':
      return [
        ...[...transactions, ...odd].map((one) => bulk([one])),
        bulk(Array(10_001).fill(transactions[6])),
      ];
    default:
      return [];
  }
}
