import type { HttpRequest } from '../http-spec';
import type { Sample } from './any-operation';
import { statementXml } from '../bank-statement';
import { bankAccount, entry, transferOf, usedKey } from './sample-books';
import type { SampleBooks } from './sample-books';

const changedAccount = {
  business_profile: { name: 'x', product_description: 'x', url: 'https://x.example' },
  payout_schedule: {
    ...{ interval: 'weekly', delay_days: 2, weekly_anchor: 'friday', monthly_anchor: null },
    minimum_amount: '1',
  },
  reserve: { rolling_bps: 1000, days: 90 },
  metadata: { a: 'b' },
};
const address = { line1: 'x', line2: null, city: 'x', postal_code: '1', state: null, country: 'US' };

/** Of the test account of sandboxes. */
const sampleStatement = {
  ...{ currency: 'EUR', iban: 'DE89370400440532013000', id: 'SAMPLE', opening: 0 },
  entries: [{ amount: 100 }],
};

/** By operation, a body that is accepted. Its members are varied one by one. */
const bodies: Readonly<Record<string, object | string>> = {
  createSplitRule: {
    name: 'x',
    currency: 'USD',
    parties: [
      { id: 'rest', role: 'merchant', account: 'platform', remainder: true },
      { id: 'fee', role: 'platform', account: 'platform', fixed_amount: '30' },
    ],
  },
  updateSplitRule: {
    name: 'x',
    currency: 'USD',
    parties: [
      { id: 'rest', role: 'merchant', account: 'platform', remainder: true },
      { id: 'fee', role: 'platform', account: 'platform', fixed_amount: '30' },
    ],
  },
  createLedger: { name: 'x', description: 'x', metadata: { a: 'b' } },
  declareUnit: { code: 'HOURS', exponent: 0, name: 'Hours' },
  createSandbox: { name: 'x' },
  freezeClock: { time: '2030-01-01T00:00:00Z' },
  advanceClock: { to: '2030-01-01T00:00:00Z' },
  createApiKey: { name: 'x', scopes: ['ledger:read'], expires_at: '2090-01-01T00:00:00Z' },
  rotateApiKey: { overlap_seconds: 1 },
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
  closePeriod: { through: '2025-01-02T00:00:00Z', reason: 'x' },
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
  replayWebhooks: {
    ...{ from: '2026-01-01T00:00:00Z', to: '2126-01-01T00:00:00Z', event_types: ['webhook_endpoint.*'] },
    ...{ from_position: 'led_1@0', dry_run: true },
  },
  createPayment: {
    ...{ amount: '100', currency: 'USD', capture_method: 'manual', confirm: false, off_session: false },
    ...{ description: 'x', metadata: { a: 'b' }, transfer_group: 'x', return_url: 'https://shop.example/' },
    ...{ connected_account: null, application_fee_amount: null, transfer_data: null, split_rule: null },
    splits: null,
  },
  updatePayment: { amount: '5', description: 'x', metadata: { a: 'b' } },
  confirmPayment: { return_url: 'https://shop.example/', off_session: true },
  capturePayment: { amount_to_capture: '1' },
  cancelPayment: { cancellation_reason: 'x' },
  createCustomer: {
    ...{ email: 'jenny@example.com', name: 'x', phone: '+1 555', description: 'x', metadata: { a: 'b' } },
    address: { line1: 'x', line2: null, city: 'x', postal_code: '1', state: 'x', country: 'US' },
  },
  updateCustomer: {
    ...{ email: 'jenny@example.com', name: null, phone: '+1 555', description: 'x', metadata: { a: 'b' } },
    address: { line1: 'x', country: 'US' },
  },
  createConnectedAccount: {
    ...{ type: 'company', country: 'DE', default_currency: 'EUR', email: 'jenny@example.com' },
    capabilities: { payments: { requested: true }, payouts: { requested: false } },
    ...changedAccount,
  },
  updateConnectedAccount: { email: 'jenny@example.com', ...changedAccount },
  provideRequirements: {
    individual: { first_name: 'x', last_name: 'x', birth_date: '1990-01-31', address },
    bank_account: bankAccount,
    tos_acceptance: { accepted: true },
  },
  addBankAccount: bankAccount,
  putBankAccounts: { bank_accounts: [{ ...bankAccount, bic: 'COBADEFFXXX', currency: 'EUR' }] },
  importBankStatements: statementXml(sampleStatement),
  matchBankStatementLine: { payment: 'pay_none' },
  createTransfer: {
    ...{ amount: '1', currency: 'USD', destination: 'acct_1', source_payment: null, transfer_group: 'x' },
    ...{ description: 'x', metadata: { a: 'b' } },
  },
  createSplit: {
    ...{ payment: 'pay_1', split_rule: null, description: 'x', metadata: { a: 'b' } },
    parties: [
      { id: 'rest', role: 'merchant', account: 'platform', remainder: true },
      { id: 'fee', role: 'platform', account: 'platform', fixed_amount: '30' },
    ],
  },
  updateSplit: { description: 'x', metadata: { a: 'b' } },
  reverseSplit: { dispute: 'dp_1', amount: '1' },
  updateTransfer: { description: 'x', metadata: { a: 'b' } },
  reverseTransfer: { amount: '1' },
  setFxRate: {
    ...{ base: 'EUR', quote: 'USD', bid: '1', ask: '1', source: 'x' },
    valid_from: '2026-01-01T00:00:00Z',
  },
  createFxQuote: { from: { amount: '1', currency: 'EUR' }, to: 'USD' },
  createFxConversion: { quote: 'fxq_unknown' },
  savePaymentMethod: { payment_method: 'pm_card_visa' },
  createDataSubject: { reference: 'x' },
  createRefund: {
    ...{ payment: 'pay_none', amount: '1', reason: 'duplicate', metadata: { a: 'b' } },
    ...{ refund_application_fee: false, reverse_transfer: false },
  },
  changeSimulator: { fee_bps: 290, fee_fixed: '30', settlement_days: 2, dispute_fee: '1500' },
  completePaymentAction: { outcome: 'succeeded' },
  reportFee: { fee: '350', kind: 'payment' },
  createPayout: {
    amount: '1',
    currency: 'USD',
    bank_account: 'ba_sim',
    description: 'x',
    metadata: { a: 'b' },
  },
  updateDispute: { description: 'x', metadata: { a: 'b' } },
  giveDisputeEvidence: { text: 'x', files: [{ name: 'x', sha256: 'a'.repeat(64) }], submit: true },
  resolveDispute: { outcome: 'won' },
  updatePayout: { description: 'x', metadata: { a: 'b' } },
  setPayoutSchedule: {
    ...{ interval: 'weekly', weekly_anchor: 'friday', monthly_anchor: null },
    ...{ delay_days: 2, minimum_amount: '1000' },
  },
  updateLedgerTransfer: { description: 'x', metadata: { a: 'b' } },
  resolvePayment: {
    ...{ outcome: 'declined', rail_reference: 'ch_1', decline_code: 'x' },
    ...{ fee: '1', available_on: '2026-01-01T00:00:00Z' },
  },
  resolveRefund: { outcome: 'refund_failed', failure_reason: 'x', rail_reference: 're_1' },
  resolvePayout: { outcome: 'failed', failure_code: 'x', failure_message: 'x', rail_reference: 'po_1' },
  actOnSimulatorPage: { outcome: 'succeeded' },
  startRebuild: { ledger: 'led_unknown', auto_swap: false },
  discardParkedEvent: { reason: 'x' },
  importBooks:
    'transaction,date,account,amount,unit\n1,2026-01-01,assets:a,1,USD\n1,2026-01-01,equity:b,-1,USD\n',
};
/** By operation, parameters that it can't do without. */
const neededParameters: Readonly<Record<string, string>> = {
  previewSplit: 'amount=100&',
  getInclusionProof: 'revision=0&',
  getConsistencyProof: 'from=0&',
};
const states: Readonly<Record<string, string>> = {
  captureHold: 'hold',
  voidHold: 'toVoid',
};

const unknownRebuild = `rbd_${'0'.repeat(24)}`;

export function sampleOf(operationId: string, template: string, { ledger, ids }: SampleBooks): Sample {
  const path = template
    .replace('{ledger}', ledger)
    .replace('{address}', 'cash')
    .replace('{close}', ids['close'] ?? '')
    .replace('{transaction}', ids[states[operationId] ?? 'posted'] ?? '')
    .replace('{apiKey}', ids['apiKey'] ?? '')
    .replace('{sandbox}', ids['sandbox'] ?? '')
    .replace('{payment}', ids['payment'] ?? '')
    .replace(
      '{transfer}',
      template.startsWith('/v1/transfers')
        ? 'tr_unknown'
        : operationId === 'updateLedgerTransfer'
          ? (ids['ledgerTransfer'] ?? '')
          : 'lt_unknown',
    )
    .replace('{rate}', 'fxr_unknown')
    .replace('{quote}', 'fxq_unknown')
    .replace('{conversion}', 'fxc_unknown')
    .replace('{refund}', 're_unknown')
    .replace('{line}', 'bt_unknown')
    .replace('{split}', 'spl_unknown')
    .replace('{rule}', ids['splitRule'] ?? 'spr_unknown')
    .replace('{bankLine}', 'bsl_unknown')
    .replace('{statement}', 'bst_unknown')
    .replace('{payout}', 'po_unknown')
    .replace('{payoutBatch}', 'pob_unknown')
    .replace('{dispute}', 'dp_unknown')
    .replace('{subject}', 'sub_unknown')
    .replace('{token}', 'unknown')
    .replace('{account}', ids['account'] ?? '')
    .replace('{bankAccount}', 'ba_unknown')
    .replace('{customer}', ids['customer'] ?? '')
    .replace('{method}', 'pm_unknown')
    .replace('{projection}', 'accounts')
    .replace('{rebuild}', unknownRebuild)
    .replace('{id}', `prk_${'0'.repeat(32)}`)
    .replace('{event}', 'evt_unknown')
    .replace('{endpoint}', ids['endpoint'] ?? '')
    .replace('{delivery}', 'msg_unknown')
    .replace('{replay}', operationId === 'getWebhookReplay' ? (ids['replay'] ?? '') : 'rpl_unknown');
  const body = operationId === 'createLedgerTransfer' ? transferBetween(ledger, ids) : bodies[operationId];
  if (operationId === 'importBooks') return { path, body: body ?? '', contentType: 'text/csv' };
  if (operationId === 'importBankStatements')
    return { path, body: body ?? '', contentType: 'application/xml' };
  const query = neededParameters[operationId];
  return { path, ...(query === undefined ? {} : { query }), ...(body === undefined ? {} : { body }) };
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
  const rebuilds = '/v1/projections/webhook_messages/rebuilds';
  const ofOutbox = ['swap', 'cancel', 'rollback', 'drop'].map((name) => ({
    method: 'POST' as const,
    path: `${rebuilds}/${unknownRebuild}/${name}`,
  }));
  const table: Readonly<Record<string, readonly HttpRequest[]>> = {
    startRebuild: [{ path: rebuilds, body: {} }],
    listRebuilds: [{ path: rebuilds, method: 'GET' }],
    getRebuild: [{ path: `${rebuilds}/${unknownRebuild}`, method: 'GET' }],
    swapRebuild: ofOutbox.slice(0, 1),
    cancelRebuild: ofOutbox.slice(1, 2),
    rollBackRebuild: ofOutbox.slice(2, 3),
    dropRebuild: ofOutbox.slice(3),
    importBooks: [
      csv('1,2026-01-01,assets:a,1,USD\n1,2026-01-02,equity:b,-1,USD'),
      csv(Array.from({ length: 1_001 }, (_, i) => `1,2026-01-01,assets:a,1,U${i}`).join('\n')),
      csv('1,2026-01-01,assets:a,1,USD'),
      csv('1,03.04.2024,assets:a,1,USD\n1,2026-02-30,equity:b,1,\u2212$\n1,2026-01-01,(equity:c),,USD'),
      csv('1', 'transaction'),
      csv('"1'),
      ndjson(`{"object":"export","format":1,"ledger":{"id":"${ledger}","name":"x"},"revision":3}\n`),
      ndjson('{"object":"proof_bundle"}\n'),
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
    closePeriod: ['2999-01-01T00:00:00Z', '2020-01-01T00:00:00Z'].map((through) =>
      to('/period_closes?dry_run=true', { through, reason: 'x' }),
    ),
    getPeriodClose: [to('/period_closes/pcl_none', undefined, { method: 'GET' })],
    getStatement: ['cash/statements?to=2999-01-01T00:00:00Z', 'points/statements?format=camt053'].map(
      (path) => to(`/accounts/${path}`, undefined, { method: 'GET' }),
    ),
    getInclusionProof: [to('/audit/proof?revision=999999', undefined, { method: 'GET' })],
    getConsistencyProof: [to('/audit/consistency?from=2&to=1', undefined, { method: 'GET' })],
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
      on('reverse', 'posted', { effective_at: '2020-01-01T00:00:00Z' }),
      on('reverse', 'reference', { allow_overdraft: true }, { apiKey: weakKeys[1] }),
      ...['hold', 'voided', 'expired', 'reversed', 'ofIce', 'toGone', 'outOfPurse', 'drained'].map((what) =>
        on('reverse', what),
      ),
    ],
    createSandbox: [
      { path: '/v1/sandboxes', body: { name: 'x' }, apiKey: sandboxKey },
      { path: '/v1/sandboxes', body: { name: 'x' } },
    ],
    ...ofClock(sandboxKey),
    createApiKey: [
      { path: '/v1/api_keys', body: { name: 'x', scopes: ['*'], expires_at: '2020-01-01T00:00:00Z' } },
    ],
    rotateApiKey: ['revokedKey', 'expiredKey', 'crowdedKey'].map((name) => ({
      path: `/v1/api_keys/${ids[name]}/rotate`,
    })),
    revokeApiKey: [{ path: `/v1/api_keys/${ids['revokedKey']}/revoke` }],
    listPublicEvents: ['ledger=led_unknown', 'type=nothing.happened'].map((query) => ({
      method: 'GET',
      path: `/v1/events?${query}`,
    })),
    ...ofWebhooks(ids),
    ...ofPayments(ids, sandboxKey),
    createLedgerTransfer: ofLedgerTransfers(ledger, ids),
    updateLedgerTransfer: [{ method: 'PATCH', path: '/v1/ledger_transfers/lt_unknown', body: {} }],
    getLedgerTransferHistory: [
      { method: 'GET', path: `/v1/ledger_transfers/${ids['ledgerTransfer']}/history?cursor=zzz` },
    ],
    ...ofCustomers(ids, sandboxKey),
    ...ofConnectedAccounts(ids, sandboxKey),
    ...ofFx(ids, sandboxKey),
    ...ofSplitRules(ids, sandboxKey),
    ...ofBank(ids, sandboxKey),
    ...ofSplits(ids, sandboxKey),
    deleteApiKey: [{ path: `/v1/api_keys/${ids['revokedKey']}`, method: 'DELETE' }],
  };
  return table[operationId] ?? bookings(operationId, to);
}

/** Of a sandbox: `sandbox_key_required` is what the sample's own key gets. */
function ofClock(apiKey: string): Readonly<Record<string, readonly HttpRequest[]>> {
  const times = ['2020-01-01T00:00:00Z', '9999-01-01T00:00:00Z'];
  const to = (method: 'PUT' | 'POST', path: string, body: object): HttpRequest => ({
    method,
    path,
    body,
    apiKey,
  });
  return {
    freezeClock: times.map((time) => to('PUT', '/v1/clock?dry_run=true', { time })),
    advanceClock: times.map((time) => to('POST', '/v1/clock/advance?dry_run=true', { to: time })),
  };
}

function ofWebhooks(ids: SampleBooks['ids']): Readonly<Record<string, readonly HttpRequest[]>> {
  const url = 'https://127.0.0.1/hook';
  const settings = [
    { url: 'https://user:password@127.0.0.1/', event_types: ['hold.*'] },
    { url: 'https://10.0.0.1/', event_types: ['hold.*'] },
    { url, event_types: ['hold.lost'] },
    { url, event_types: ['nothing.*'] },
    { url, event_types: ['hold.*'], headers: { Host: 'x' } },
  ];
  const [on, off] = ['endpoint', 'disabledEndpoint'].map((name) => `/v1/webhook_endpoints/${ids[name]}`);
  return {
    createWebhookEndpoint: settings.map((body) => ({ path: '/v1/webhook_endpoints?dry_run=true', body })),
    changeWebhookEndpoint: settings.map((body) => ({ method: 'PATCH', path: `${on}?dry_run=true`, body })),
    enableWebhookEndpoint: [{ path: `${on}/enable?dry_run=true` }],
    disableWebhookEndpoint: [{ path: `${off}/disable?dry_run=true` }],
    replayWebhooks: [
      ...[
        { event_types: ['hold.lost'] },
        { event_types: ['nothing.*'] },
        { to: '2000-01-01T00:00:00Z' },
        {},
      ].map((body) => ({ path: `${off}/replays`, body })),
      // That of the sample is a dry run, which looks at no key.
      { path: `${on}/replays`, body: {}, headers: { 'idempotency-key': usedKey } },
    ],
    cancelWebhookReplay: Array.from({ length: 2 }, () => ({ path: `/v1/replays/${ids['replay']}/cancel` })),
    testWebhookEndpoint: [
      { path: `${on}/test`, body: { type: 'hold.lost' } },
      { path: `${off}/test`, body: { type: 'hold.placed' } },
    ],
  };
}

function ofPayments(
  ids: SampleBooks['ids'],
  sandboxKey: string,
): Readonly<Record<string, readonly HttpRequest[]>> {
  const wrong = [
    { currency: 'ABC' },
    { currency: 'HRK' },
    { payment_method: 'pm_none' },
    { payment_method: 'pm_card_visa' },
    { payment_method: '4242424242424242' },
    { rail: 'simulator' },
    { customer: 'cus_1' },
  ];
  /** What was saved, and is not to be paid with, or not by this customer. */
  const ofOthers = [
    { payment_method: ids['detachedMethod'] },
    { payment_method: ids['savedMethod'], customer: ids['otherPayer'] },
  ];
  const waiting = `/v1/payments/${ids['waitingPayment']}`;
  const over = `/v1/payments/${ids['canceledPayment']}`;
  const open = `/v1/payments/${ids['payment']}`;
  const [byBank, visa] = [`/v1/payments/${ids['euroPayment']}`, { payment_method: 'pm_card_visa' }];
  return {
    createPayment: [
      ...[...wrong, { confirm: true }, { connected_account: 'acct_1' }].map((more) => ({
        path: '/v1/payments',
        body: { amount: '100', currency: 'USD', ...more },
      })),
      ...ofOthers.map((more) => ({
        path: '/v1/payments',
        body: { amount: '100', currency: 'USD', ...more },
        apiKey: sandboxKey,
      })),
      ...chargesOf(ids).map((more) => ({
        path: '/v1/payments',
        body: { amount: '100', currency: 'USD', ...more },
        apiKey: sandboxKey,
      })),
    ],
    updatePayment: [
      actsAsNobody({ path: waiting, method: 'PATCH', body: {}, apiKey: sandboxKey }),
      ...['feePayment', 'partPayment', 'splitPayment'].map((name) => ({
        ...{ path: `/v1/payments/${ids[name]}`, method: 'PATCH' as const, body: { amount: '20' } },
        apiKey: sandboxKey,
      })),
      { path: byBank, method: 'PATCH', body: visa, apiKey: sandboxKey },
      { path: over, method: 'PATCH', body: { amount: '5' } },
      ...wrong.slice(2).map((body) => ({ path: open, method: 'PATCH' as const, body })),
      ...ofOthers.map((body) => ({
        path: waiting,
        method: 'PATCH' as const,
        body,
        apiKey: sandboxKey,
      })),
    ],
    cancelPayment: [{ path: `${over}/cancel` }, actsAsNobody({ path: `${over}/cancel` })],
    confirmPayment: [
      { path: `${byBank}/confirm?dry_run=true`, body: visa, apiKey: sandboxKey },
      { path: `/v1/payments/${ids['orphanedPayment']}/confirm`, body: visa, apiKey: sandboxKey },
      { path: `${over}/confirm` },
      actsAsNobody({ path: `${over}/confirm` }),
      { path: `${open}/confirm` },
      ...['ownPayment', 'givenPayment'].map((name) => ({
        path: `/v1/payments/${ids[name]}/confirm`,
        apiKey: sandboxKey,
      })),
      ...wrong.slice(2, 5).map((body) => ({ path: `${open}/confirm`, body })),
      ...ofOthers.map(({ payment_method }) => ({
        path: `${waiting}/confirm`,
        body: { payment_method },
        apiKey: sandboxKey,
      })),
    ],
    capturePayment: [
      { path: `${over}/capture` },
      actsAsNobody({ path: `${over}/capture` }),
      ...[
        ['heldPayment', { application_fee_amount: '1' }],
        ['heldFeePayment', { amount_to_capture: '50' }],
        ['heldPartPayment', { amount_to_capture: '50' }],
        ['heldSplitPayment', { amount_to_capture: '20' }],
      ].map(([name, body]) => ({
        ...{ path: `/v1/payments/${ids[name as string]}/capture`, body },
        apiKey: sandboxKey,
      })),
      {
        path: `/v1/payments/${ids['heldPayment']}/capture`,
        body: { amount_to_capture: '101' },
        apiKey: sandboxKey,
      },
    ],
    completePaymentAction: ofAction(ids, sandboxKey),
    reportFee: ['nope', ids['paidPayment'] ?? ''].map((payment) => ({
      path: `/v1/test_helpers/payments/${payment}/report_fee`,
      ...{ apiKey: sandboxKey, body: { fee: '1', kind: 'dispute_fee' } },
    })),
    createPayout: [
      ...[{ currency: 'ABC' }, { currency: 'HRK' }, {}].map((more) => ({
        path: '/v1/payouts',
        body: { amount: '1', currency: 'USD', ...more },
      })),
      ...[{ bank_account: 'ba_none' }, { amount: '1000000' }].map((more) => ({
        path: '/v1/payouts',
        body: { amount: '1', currency: 'USD', ...more },
        apiKey: sandboxKey,
      })),
      actsAsNobody({ path: '/v1/payouts', body: { amount: '1', currency: 'USD' } }),
      {
        ...{ path: '/v1/payouts', body: { amount: '1', currency: 'USD' }, apiKey: sandboxKey },
        headers: { 'connected-account': ids['suspendedParty'] ?? '' },
      },
    ],
    cancelPayout: [
      { path: `/v1/payouts/${ids['payout']}/cancel`, apiKey: sandboxKey },
      actsAsNobody({ path: `/v1/payouts/${ids['payout']}/cancel`, apiKey: sandboxKey }),
    ],
    setPayoutSchedule: [
      { path: '/v1/payout_schedule', method: 'PUT', body: { weekly_anchor: 'friday' }, apiKey: sandboxKey },
    ],
    updatePayout: [
      actsAsNobody({
        ...{ path: `/v1/payouts/${ids['payout']}`, method: 'PATCH', body: {}, apiKey: sandboxKey },
      }),
    ],
    resolvePayment: [
      { path: `${over}/resolve`, body: { outcome: 'voided' } },
      { path: `${over}/resolve`, body: { outcome: 'captured' } },
      { path: `${over}/resolve`, body: { outcome: 'captured', fee: 'x', available_on: 'x' } },
    ],
    getPayoutHistory: [
      { method: 'GET', path: `/v1/payouts/${ids['payout']}/history?cursor=zzz`, apiKey: sandboxKey },
    ],
    getRefundHistory: [
      { method: 'GET', path: `/v1/refunds/${ids['refund']}/history?cursor=zzz`, apiKey: sandboxKey },
    ],
    resolveRefund: [
      { path: `/v1/refunds/${ids['refund']}/resolve`, body: { outcome: 'refunded' }, apiKey: sandboxKey },
    ],
    resolvePayout: [
      { path: `/v1/payouts/${ids['payout']}/resolve`, body: { outcome: 'failed' }, apiKey: sandboxKey },
      actsAsNobody({ path: `/v1/payouts/${ids['payout']}/resolve`, body: { outcome: 'failed' } }),
    ],
    createRefund: [
      { path: '/v1/refunds', body: { payment: 'pay_none' } },
      { path: '/v1/refunds', body: { payment: ids['payment'] } },
      actsAsNobody({ path: '/v1/refunds', body: { payment: ids['payment'] } }),
      ...['paidPayment', 'givenAway'].map((name) => ({
        ...{ path: '/v1/refunds', body: { payment: ids[name], reverse_transfer: true } },
        apiKey: sandboxKey,
      })),
      { path: '/v1/refunds', body: { payment: ids['paidPayment'], amount: '101' }, apiKey: sandboxKey },
      { path: '/v1/refunds', body: { payment: ids['disputedPayment'] }, apiKey: sandboxKey },
    ],
    ...ofDisputes(ids, sandboxKey),
  };
}

/** It acts as what is no connected account at all. */
const actsAsNobody = (request: HttpRequest): HttpRequest => ({
  ...request,
  headers: { 'connected-account': 'nobody' },
});

/** Payments whose recipient may not have them, or that there is not. */
const chargesOf = (ids: SampleBooks['ids']): readonly object[] => [
  { split_rule: 'spr_1' },
  { split_rule: ids['eurRule'] },
  ...wrongParties(ids).map((splits) => ({ splits })),
  { splits: [{ ...restParty, account: ids['suspendedParty'] }] },
  { connected_account: 'acct_1', transfer_data: { destination: 'acct_1' } },
  { connected_account: ids['suspendedParty'] },
  { transfer_data: { destination: ids['suspendedParty'] } },
  { transfer_data: { destination: ids['closedParty'] } },
  { transfer_data: { destination: ids['party'] }, application_fee_amount: '101' },
  { transfer_data: { destination: ids['party'], amount: '101' } },
];

function ofDisputes(
  ids: SampleBooks['ids'],
  apiKey: string,
): Readonly<Record<string, readonly HttpRequest[]>> {
  const over = `/v1/disputes/${ids['dispute']}`;
  const resolve = (dispute: string, outcome: string, headers: HttpRequest['headers'] = {}): HttpRequest => ({
    path: `/v1/test_helpers/disputes/${dispute}/resolve`,
    ...{ apiKey, body: { outcome }, headers },
  });
  const open = ids['openDispute'] ?? '';
  return {
    giveDisputeEvidence: [{ path: `${over}/evidence`, body: { text: 'x' }, apiKey }],
    eraseDisputeEvidence: [{ path: `${over}/erase`, apiKey }],
    acceptDispute: [{ path: `${over}/accept`, apiKey }],
    getDisputeHistory: [{ method: 'GET', path: `${over}/history?cursor=zzz`, apiKey }],
    resolveDispute: [
      ...[resolve('dp_none', 'won'), resolve(ids['dispute'] ?? '', 'won')],
      resolve(open, 'won', { 'connected-account': 'acct_1' }),
      ...[['a', 'b'], 'k'.repeat(256)].map((key) => resolve(open, 'won', { 'idempotency-key': key })),
      ...['won', 'lost'].map((outcome) => resolve(open, outcome, { 'idempotency-key': 'dispute' })),
    ],
  };
}

function ofBank(ids: SampleBooks['ids'], apiKey: string): Readonly<Record<string, readonly HttpRequest[]>> {
  const put = (...bank_accounts: readonly object[]): HttpRequest => ({
    ...{ path: '/v1/bank_accounts?dry_run=true', method: 'PUT', apiKey, body: { bank_accounts } },
  });
  const xml = statementXml(sampleStatement);
  const upload = (body: string): HttpRequest => ({
    ...{
      path: '/v1/bank_statements?dry_run=true',
      apiKey,
      body,
      headers: { 'content-type': 'application/xml' },
    },
  });
  const ofJson = (body: string | Buffer): HttpRequest => ({ path: '/v1/bank_statements', apiKey, body });
  const act = (line: string, verb: string, body?: object): HttpRequest => ({
    path: `/v1/bank_statement_lines/${ids[line]}/${verb}?dry_run=true`,
    ...{ apiKey, ...(body === undefined ? {} : { body }) },
  });
  const match = (line: string, body: object): HttpRequest => act(line, 'match', body);
  const history = (of: string): HttpRequest => ({
    method: 'GET',
    path: `/v1/${of}/history?cursor=zzz`,
    apiKey,
  });
  return {
    putBankAccounts: [
      put({ ...bankAccount, iban: 'DE88370400440532013000' }),
      put(bankAccount, bankAccount),
      ...['QQQ', 'DEM'].map((currency) => put({ ...bankAccount, currency })),
    ],
    importBankStatements: [
      ...[
        upload('x'),
        upload(xml.replaceAll('camt.053', 'camt.054')),
        upload(xml.replace('>1.00<', '>2.00<')),
      ],
      ...[
        upload(xml.replace(sampleStatement.iban, 'GB33BUKB20201555555555')),
        upload(xml.replace('CLBD', 'CLAV')),
      ],
      upload(`${xml}${' '.repeat(17_000_000)}`),
      { path: '/v1/bank_statements', apiKey },
      // A body of JSON is read before it is refused for being JSON.
      ...['{', '{"a":1,"a":2}', `${'['.repeat(200_000)}${']'.repeat(200_000)}`].map(ofJson),
      ofJson(Buffer.from([0x22, 0xff, 0x22])),
    ],
    matchBankStatementLine: [
      ...[
        match('returnedLine', { payment: ids['paidPayment'] }),
        match('parkedLine', { payment: 'pay_none' }),
      ],
      ...[
        match('parkedLine', { refund: 're_none' }),
        match('parkedLine', { payout: 'po_none' }),
        match('parkedLine', { objects: ['po_none'] }),
        ...['9'.repeat(36), '-1', 1].map((amount) => match('parkedLine', { own: 'fee', amount })),
        match('parkedLine', { payment: ids['paidPayment'] }),
      ],
      ...[match('parkedLine', { payment: ids['euroPayment'] }), match('parkedLine', {})],
    ],
    getReconciliation: ['2024-01-01T00:00:00Z', '2999-01-01T00:00:00Z', 'x'].map((from) => ({
      ...{ path: `/v1/reconciliation?from=${from}`, method: 'GET', apiKey },
    })),
    adjustFees: ['2024-01-01T00:00:00Z', '2999-01-01T00:00:00Z', 'x'].map((from) => ({
      ...{ path: `/v1/reconciliation/fee_adjustments?from=${from}`, method: 'POST', apiKey },
    })),
    getBankStatementHistory: [history(`bank_statements/${ids['bankStatement']}`)],
    getBankStatementLineHistory: [history(`bank_statement_lines/${ids['parkedLine']}`)],
    returnBankStatementLine: [act('returnedLine', 'return'), act('parkedLine', 'return')],
    cancelBankStatementLineReturn: [act('parkedLine', 'cancel_return')],
  };
}

const transferBetween = (ledger: string, { otherLedger }: SampleBooks['ids']) => ({
  ...{ amount: '1', currency: 'USD', description: 'x', metadata: { a: 'b' } },
  from: { ledger, account: 'sales' },
  to: { ledger: otherLedger, account: 'sales' },
});
function ofLedgerTransfers(ledger: string, ids: SampleBooks['ids']): readonly HttpRequest[] {
  const wrong = [
    { to: { ledger, account: 'sales' } },
    { from: { ledger: 'led_unknown', account: 'sales' } },
    ...['none', 'frozen', 'closed', 'euros', 'drained'].map((account) => ({ from: { ledger, account } })),
  ];
  return wrong.map((more) => ({
    path: '/v1/ledger_transfers?dry_run=true',
    body: { ...transferBetween(ledger, ids), amount: '1000000', ...more },
  }));
}

/** A live key gets `sandbox_key_required`. */
function ofAction(ids: SampleBooks['ids'], apiKey: string): readonly HttpRequest[] {
  const to = (payment: string, outcome: string, headers: HttpRequest['headers'] = {}): HttpRequest => ({
    path: `/v1/test_helpers/payments/${payment}/complete_action`,
    ...{ apiKey, body: { outcome }, headers },
  });
  const acting = ids['actionPayment'] ?? '';
  return [
    ...[to('nope', 'failed'), to(ids['paidPayment'] ?? '', 'failed')],
    to(acting, 'failed', { 'connected-account': 'acct_1' }),
    ...[['a', 'b'], 'k'.repeat(256)].map((key) => to(acting, 'failed', { 'idempotency-key': key })),
    ...['succeeded', 'failed'].map((outcome) => to(acting, outcome, { 'idempotency-key': 'act' })),
  ];
}

function ofCustomers(
  ids: SampleBooks['ids'],
  apiKey: string,
): Readonly<Record<string, readonly HttpRequest[]>> {
  const [there, deleted] = ['customer', 'deletedCustomer'].map((name) => `/v1/customers/${ids[name]}`);
  const method = 'PATCH' as const;
  const cardNumber = '4242424242424242';
  return {
    createCustomer: ['pm_card_visa', cardNumber].map((default_payment_method) => ({
      path: '/v1/customers?dry_run=true',
      body: { default_payment_method },
    })),
    updateCustomer: [
      { path: `${deleted}`, method, body: { name: 'x' } },
      ...['pm_none', cardNumber].map((default_payment_method) => ({
        path: `${there}`,
        method,
        body: { default_payment_method },
      })),
      {
        path: `/v1/customers/${ids['payer']}`,
        method,
        apiKey,
        body: { default_payment_method: ids['detachedMethod'] },
      },
    ],
    deleteCustomer: [{ path: `${deleted}`, method: 'DELETE' }],
    savePaymentMethod: [
      { path: `${deleted}/payment_methods`, body: { payment_method: 'pm_card_visa' } },
      ...['pm_none', 'pm_card_visa', cardNumber].map((payment_method) => ({
        path: `${there}/payment_methods`,
        body: { payment_method },
      })),
    ],
    getPaymentMethodHistory: [
      { method: 'GET', path: `/v1/payment_methods/${ids['savedMethod']}/history?cursor=x`, apiKey },
    ],
    detachPaymentMethod: [{ path: `/v1/payment_methods/${ids['detachedMethod']}/detach`, apiKey }],
  };
}

function ofConnectedAccounts(
  ids: SampleBooks['ids'],
  apiKey: string,
): Readonly<Record<string, readonly HttpRequest[]>> {
  const [there, suspended, closed, erased, full] = [
    'account',
    'suspendedAccount',
    'closedAccount',
    'erasedAccount',
    'fullAccount',
  ].map((name) => `/v1/connected_accounts/${ids[name]}`);
  const payout_schedule = { weekly_anchor: 'friday' };
  const wrong = { ...bankAccount, iban: 'DE88370400440532013000' };
  const create = (more: object): HttpRequest => ({
    path: '/v1/connected_accounts',
    body: { type: 'individual', country: 'DE', default_currency: 'EUR', capabilities: {}, ...more },
  });
  const transfer = (more: object): HttpRequest => ({
    path: '/v1/transfers',
    apiKey,
    body: { amount: '1', currency: 'USD', destination: ids['party'], ...more },
  });
  return {
    createConnectedAccount: [
      ...['QQQ', 'DEM'].map((default_currency) => create({ default_currency })),
      create({ payout_schedule }),
    ],
    updateConnectedAccount: [
      { path: `${closed}`, method: 'PATCH', body: {} },
      { path: `${there}`, method: 'PATCH', body: { payout_schedule } },
    ],
    provideRequirements: [
      { path: `${closed}/requirements`, body: {} },
      { path: `${there}/requirements`, body: { company: {} } },
      { path: `${there}/requirements`, body: { bank_account: wrong } },
      { path: `${full}/requirements`, body: { bank_account: bankAccount } },
    ],
    addBankAccount: [
      { path: `${closed}/bank_accounts`, body: bankAccount },
      { path: `${there}/bank_accounts`, body: wrong },
      { path: `${full}/bank_accounts`, body: bankAccount },
    ],
    makeBankAccountDefault: [{ path: `${closed}/bank_accounts/ba_1/default` }],
    verifyConnectedAccount: [{ path: `${closed}/verify` }],
    suspendConnectedAccount: [{ path: `${suspended}/suspend` }],
    reinstateConnectedAccount: [{ path: `${there}/reinstate` }],
    closeConnectedAccount: [
      { path: `${closed}/close` },
      { path: `/v1/connected_accounts/${ids['party']}/close`, apiKey },
    ],
    eraseConnectedAccount: [{ path: `${there}/erase` }, { path: `${erased}/erase` }],
    createTransfer: [
      ...['QQQ', 'DEM'].map((currency) => transfer({ currency })),
      transfer({ destination: ids['closedParty'] }),
      transfer({ destination: ids['suspendedParty'] }),
      transfer({ source_payment: 'pay_none' }),
      transfer({ source_payment: ids['waitingPayment'] }),
      transfer({ source_payment: ids['paidPayment'], amount: '1000' }),
      transfer({ amount: '999999' }),
    ],
    getTransferHistory: [
      { method: 'GET', path: `/v1/transfers/${ids['transfer']}/history?cursor=x`, apiKey },
    ],
    reverseTransfer: ['reversedTransfer', 'spentTransfer'].map((name) => ({
      path: `/v1/transfers/${ids[name]}/reversals`,
      apiKey,
    })),
  };
}

function ofFx(ids: SampleBooks['ids'], apiKey: string): Readonly<Record<string, readonly HttpRequest[]>> {
  const rate = (more: object): HttpRequest => ({
    path: '/v1/fx/rates',
    apiKey,
    body: { base: 'EUR', quote: 'USD', bid: '1', ask: '1', source: 'x', ...more },
  });
  const quote = (amount: string, currency: string, to: string): HttpRequest => ({
    path: '/v1/fx/quotes',
    apiKey,
    body: { from: { amount, currency }, to },
  });
  const history = (kind: string, id = ''): HttpRequest => ({
    method: 'GET',
    path: `/v1/fx/${kind}/${id}/history?cursor=x`,
    apiKey,
  });
  return {
    setFxRate: [...['QQQ', 'DEM', 'USD'].map((base) => rate({ base })), rate({ bid: '0' })],
    createFxQuote: [
      ...['QQQ', 'DEM', 'EUR', 'SEK'].map((to) => quote('1', 'EUR', to)),
      quote('1', 'USD', 'EUR'),
      quote('9'.repeat(36), 'EUR', 'USD'),
    ],
    createFxConversion: ['unusedQuote', 'usedQuote'].map((name) => ({
      path: '/v1/fx/conversions',
      apiKey,
      body: { quote: ids[name] },
    })),
    getFxRateHistory: [history('rates', ids['rate'])],
    getFxQuoteHistory: [history('quotes', ids['usedQuote'])],
    getFxConversionHistory: [history('conversions', ids['conversion'])],
    getFxExposure: [{ method: 'GET', path: '/v1/fx/exposure?reporting_currency=SEK', apiKey }],
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
    ['cash', 'sales', '1', { effective_at: '2020-01-01T00:00:00Z' }],
    ['cash', 'sales', '1', { correction_of: 'txn_none' }],
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

const restParty = { id: 'rest', role: 'merchant', account: 'platform', remainder: true };
const wrongParties = (ids: SampleBooks['ids']): readonly (readonly object[])[] => [
  [restParty, restParty],
  [{ ...restParty, remainder: false, share_bps: 1 }],
  [{ ...restParty, account: ids['closedParty'] }],
];

function ofSplits(ids: SampleBooks['ids'], apiKey: string): Readonly<Record<string, readonly HttpRequest[]>> {
  const split = (payment: string | undefined, more: object): HttpRequest => ({
    path: '/v1/splits',
    ...{ apiKey, body: { payment, ...more } },
  });
  const payment = ids['unsplitPayment'];
  const parties = [restParty];
  const read = (path: string): HttpRequest => ({
    ...{ method: 'GET', path: `/v1/splits/${ids['split']}${path}`, apiKey },
  });
  const reversal = (name: string, body: object): HttpRequest => ({
    ...{ path: `/v1/splits/${ids[name]}/reversals`, apiKey, body },
  });
  return {
    createSplit: [
      split('pay_none', { parties }),
      split(ids['waitingPayment'], { parties }),
      split(ids['paidPayment'], { parties }),
      split(payment, {}),
      split(payment, { split_rule: 'spr_none' }),
      split(payment, { split_rule: ids['eurRule'] }),
      ...wrongParties(ids).map((of) => split(payment, { parties: of })),
      split(payment, { parties: [{ ...restParty, account: ids['suspendedParty'] }] }),
    ],
    reverseSplit: [
      reversal('lostSplit', { dispute: 'dp_none' }),
      reversal('openSplit', { dispute: ids['openDispute'] }),
      reversal('lostSplit', { dispute: ids['dispute'], amount: '101' }),
    ],
    getSplitHistory: [read('/history?cursor=x')],
  };
}

function ofSplitRules(
  ids: SampleBooks['ids'],
  apiKey: string,
): Readonly<Record<string, readonly HttpRequest[]>> {
  const rule = `/v1/split_rules/${ids['splitRule']}`;
  const wrong: readonly object[] = [
    ...['QQQ', 'DEM'].map((currency) => ({ currency })),
    ...wrongParties(ids).map((parties) => ({ parties })),
  ];
  const read = (path: string): HttpRequest => ({ method: 'GET', path: `${rule}/${path}`, apiKey });
  return {
    createSplitRule: wrong.map((more) => ({
      ...{ path: '/v1/split_rules', apiKey },
      body: { name: 'x', parties: [restParty], ...more },
    })),
    updateSplitRule: wrong.map((body) => ({ method: 'PATCH', path: rule, apiKey, body })),
    getSplitRule: [{ method: 'GET', path: `${rule}?as_of=x`, apiKey }],
    previewSplit: [read('preview?amount=29'), read('preview?amount=30&refund_amounts=31')],
    getSplitRuleHistory: [read('history?cursor=x')],
  };
}
