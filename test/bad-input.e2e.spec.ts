import { setTimeout as delay } from 'node:timers/promises';
import { HttpSpec } from './support/http-spec';
import type { HttpRequest } from './support/http-spec';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

// Every kind of bad input, through real HTTP to the real writer: each has its typed error, and leaves no trace in the journal.
jest.setTimeout(120_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let standalone: StandaloneProcess;
let http: HttpSpec;
let ledger: string;
let count = 0;

beforeAll(async () => {
  buildStandalone();
  folder = await temporaryFolder();
  standalone = await startStandaloneProcess({ dataFolder: folder.path });
  const anyone = new HttpSpec(standalone.url, standalone.apiKey, '');
  const { json } = await anyone.when({ path: '/v1/ledgers', body: { name: 'bad input' } }).thenAccepted();
  ledger = String(json['id']);
  http = new HttpSpec(standalone.url, standalone.apiKey, ledger);
  await http
    .given(
      { path: '/v1/units', body: { code: 'POINTS', exponent: 0, name: 'Points' } },
      open('cash', { type: 'asset' }),
      open('sales'),
      open('euros', { currency: 'EUR' }),
      open('frozen'),
      post({ path: '/accounts/frozen/freeze' }),
      open('closed'),
      post({ path: '/accounts/closed/close' }),
      open('purse', { min_balance: '0', max_balance: '1000' }),
    )
    .when(transfer('cash', 'purse', '100'))
    .thenAccepted();
});
afterAll(async () => {
  await standalone?.stop();
  await folder?.remove();
});

const post = ({ path, ...rest }: HttpRequest): HttpRequest => ({
  path: `/v1/ledgers/${ledger}${path}`,
  ...rest,
});
const open = (address: string, terms: object = {}): HttpRequest =>
  post({ path: '/accounts', body: { address, type: 'liability', currency: 'USD', ...terms } });
const transfer = (
  debit_account: string,
  credit_account: string,
  amount: string,
  more: object = {},
): HttpRequest =>
  post({ path: '/transfers', body: { debit_account, credit_account, amount, currency: 'USD', ...more } });

const debit = { account: 'cash', direction: 'debit', amount: '100', currency: 'USD' };
const credit = { account: 'sales', direction: 'credit', amount: '100', currency: 'USD' };
const transaction = (body: object): HttpRequest => post({ path: '/transactions', body });
const withDebit = (over: object): HttpRequest => transaction({ entries: [{ ...debit, ...over }, credit] });
const good = { entries: [debit, credit] };
const reference = (): string => `ref-${(count += 1)}`;

describe('entries', () => {
  it('must balance, and the problem names the difference', () =>
    http
      .when(withDebit({ amount: '101' }))
      .thenRefused(422, 'unbalanced', { currency: 'USD', difference: '1' }));
  it('must be two at least', () =>
    http.when(transaction({ entries: [debit] })).thenRefused(400, 'too_few_entries'));
  it('must be 1,000 at most', () =>
    http.when(transaction({ entries: Array(1_001).fill(debit) })).thenRefused(400, 'too_many_entries'));

  it.each(['0', '-1', '1.5', '1e3', ' 1', null, '9'.repeat(60)])('have no amount like %j', (amount) =>
    http.when(withDebit({ amount })).thenRefused(400, 'invalid_amount', { param: '/entries/0/amount' }),
  );
  it('have no JSON number as amount', () =>
    http
      .when(withDebit({ amount: 100 }))
      .thenRefused(400, 'amount_not_a_string', { param: '/entries/0/amount' }));

  it.each([
    ['in another currency than the account', { account: 'euros' }, 422, 'currency_mismatch'],
    ['of an account that is unknown', { account: 'nobody' }, 422, 'unknown_account'],
    ['of a frozen account', { account: 'frozen' }, 422, 'account_frozen'],
    ['of a closed account', { account: 'closed' }, 422, 'account_closed'],
    ['of a bad address', { account: 'a::b' }, 400, 'invalid_address'],
    ['with an unknown field', { memo: 'x' }, 400, 'unknown_field'],
  ])('are refused: %s', (_name, over, status, code) => http.when(withDebit(over)).thenRefused(status, code));
});

describe('accounts', () => {
  it.each([
    ['an unknown currency', 'ZZZ', 422, 'unknown_currency'],
    ['a unit that nobody declared', 'HOURS', 422, 'unknown_currency'],
    ['a withdrawn currency', 'DEM', 422, 'withdrawn_currency'],
    ['a code that is none', 'usd', 400, 'invalid_currency'],
  ])('are not opened in %s', (_name, currency, status, code) =>
    http.when(open('new', { currency })).thenRefused(status, code),
  );
  it('are opened in a declared unit', () => http.when(open('points', { currency: 'POINTS' })).thenAccepted());
  it('fix the exponent of their unit', () =>
    http
      .given(open('more-points', { currency: 'POINTS' }))
      .when({ path: '/v1/units', body: { code: 'POINTS', exponent: 2, name: 'Points' } })
      .thenRefused(409, 'unit_in_use'));
  it('are opened once', () => http.when(open('cash')).thenRefused(409, 'account_exists'));
  it('keep their bounds', async () => {
    await http.when(transfer('purse', 'sales', '101')).thenRefused(422, 'insufficient_funds');
    await http.when(transfer('cash', 'purse', '901')).thenRefused(422, 'balance_above_maximum');
  });
  it('take no bound that is crossed already', () =>
    http
      .when({ ...post({ path: '/accounts/purse', body: { min_balance: '101' } }), method: 'PATCH' })
      .thenRefused(422, 'bound_violated'));
  it('are closed empty only', () =>
    http.when(post({ path: '/accounts/purse/close' })).thenRefused(409, 'account_not_empty'));
});

describe('what must hold first', () => {
  it('an available balance', () =>
    http
      .when(transaction({ ...good, preconditions: [{ account: 'purse', available: { gte: '101' } }] }))
      .thenRefused(409, 'precondition_failed'));
  it('a version', () =>
    http
      .when(transaction({ ...good, preconditions: [{ account: 'purse', version: 99 }] }))
      .thenRefused(409, 'version_conflict'));
  it('a reference that nobody has', async () => {
    const taken = reference();
    await http
      .given(transfer('cash', 'sales', '1', { reference: taken }))
      .when(transfer('cash', 'sales', '1', { reference: taken }))
      .thenRefused(409, 'reference_taken');
  });
});

describe('holds and reversals', () => {
  async function transactionId(request: HttpRequest): Promise<string> {
    return String((await http.when(request).thenAccepted()).json['id']);
  }
  const hold = (more: object = {}): Promise<string> =>
    transactionId(transfer('cash', 'sales', '100', { pending: true, ...more }));
  const on = (id: string, verb: string, body?: object): HttpRequest =>
    post({ path: `/transactions/${id}/${verb}`, ...(body === undefined ? {} : { body }) });

  it('are not captured above what is held', async () =>
    http.when(on(await hold(), 'capture', { amount: '101' })).thenRefused(422, 'hold_exceeded'));
  it('are not captured twice', async () => {
    const id = await hold();
    await http.given(on(id, 'capture')).when(on(id, 'capture')).thenRefused(422, 'already_captured');
  });
  it('are not captured after they were voided', async () => {
    const id = await hold();
    await http.given(on(id, 'void')).when(on(id, 'capture')).thenRefused(422, 'already_voided');
  });
  it('are not captured after they expired', async () => {
    const id = await hold({ expires_at: new Date(Date.now() + 300).toISOString() });
    await delay(1_000);
    await http.when(on(id, 'capture')).thenRefused(422, 'hold_expired');
  });
  it('are holds', async () => {
    const id = await transactionId(transfer('cash', 'sales', '100'));
    await http.when(on(id, 'capture')).thenRefused(422, 'not_a_hold');
    await http.when(on(id, 'void')).thenRefused(422, 'not_a_hold');
  });
  it('are not reversed above the rest, nor twice', async () => {
    const id = await transactionId(transfer('cash', 'sales', '100'));
    await http
      .given(on(id, 'reverse', { amount: '60' }))
      .when(on(id, 'reverse', { amount: '41' }))
      .thenRefused(422, 'reversal_exceeded');
    await http.given(on(id, 'reverse')).when(on(id, 'reverse')).thenRefused(422, 'already_reversed');
  });
  it('exist', () => http.when(on('txn_unknown', 'capture')).thenRefused(404, 'transaction_not_found'));
});

describe('bodies', () => {
  const raw = (body: string | Buffer, headers: Record<string, string> = {}): HttpRequest =>
    post({ path: '/transactions', body, headers });

  it.each<[string, () => HttpRequest, number, string]>([
    ['an unknown field', () => transaction({ ...good, memo: 'x' }), 400, 'unknown_field'],
    ['no JSON', () => raw('{'), 400, 'malformed_json'],
    [
      'deep JSON',
      () => raw(`{"entries":${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
      400,
      'json_too_deep',
    ],
    ['huge JSON', () => raw(`{"description":"${'x'.repeat(10_000_001)}"}`), 413, 'body_too_large'],
    ['invalid UTF-8', () => raw(Buffer.from([0x22, 0xff, 0x22])), 400, 'invalid_utf8'],
    ['U+0000', () => raw('{"entries":[],"description":"\\u0000"}'), 400, 'invalid_string'],
    ['half of a surrogate pair', () => raw('{"entries":[],"description":"\\ud800"}'), 400, 'invalid_string'],
    ['a wrong content type', () => raw('x', { 'content-type': 'text/plain' }), 415, 'unsupported_media_type'],
  ])('%s', (_name, request, status, code) => http.when(request()).thenRefused(status, code));

  it.each([
    ['a number beyond all', '{"a":1e999}', 'unknown_field'],
    ['deep JSON', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 'invalid_type'],
  ])('are refused where none is declared: %s', async (_name, body, code) => {
    const headers = { 'idempotency-key': reference() };
    const freeze = post({ path: '/accounts/ice/freeze?dry_run=true', headers });
    await http.send(open('ice'));
    await http.when({ ...freeze, body }).thenRefused(400, code);
    await http.when(freeze).thenAccepted();
  });
});

describe('idempotency keys', () => {
  const keyed = (key: string | string[], body: object = good): HttpRequest => ({
    ...transaction(body),
    headers: { 'idempotency-key': key },
  });

  const param = '/Idempotency-Key';

  it('are one', () => http.when(keyed(['a', 'b'])).thenRefused(400, 'duplicate_idempotency_key', { param }));
  it('have 255 characters at most', async () => {
    await http.when(keyed('k'.repeat(256))).thenRefused(400, 'invalid_idempotency_key', { param });
    await http.when(keyed('k'.repeat(255))).thenAccepted();
  });
  it('stand for one request', () =>
    http
      .given(keyed('once'))
      .when(keyed('once', { ...good, description: 'other' }))
      .thenRefused(422, 'idempotency_key_reused'));
  it('get the first answer again', async () => {
    const first = await http.when(keyed('again')).thenAccepted();
    const second = await http.when(keyed('again', { entries: [debit, credit] })).thenAccepted();
    expect(second.json).toEqual(first.json);
    expect(second.headers['idempotency-replayed']).toBe('true');
  });
  it('are not burnt by a refusal', async () => {
    await http
      .when(keyed('retry', { entries: [{ ...debit, account: 'late' }, credit] }))
      .thenRefused(422, 'unknown_account');
    await http
      .given(open('late', { type: 'asset' }))
      .when(keyed('retry', { entries: [{ ...debit, account: 'late' }, credit] }))
      .thenAccepted();
  });
  it('show an API key once', async () => {
    const request: HttpRequest = {
      path: '/v1/api_keys',
      body: { name: 'again', scopes: ['ledger:read'] },
      headers: { 'idempotency-key': 'key-again' },
    };
    const first = await http.when(request).thenAccepted();
    expect(first.json['key']).toMatch(/^sk_/);
    const again = await http.when(request).thenAccepted();
    expect(again.json).toEqual({ ...first.json, key: null, secret_shown: true });
    expect(again.headers['idempotency-replayed']).toBe('true');
  });
});

describe('keys and organizations', () => {
  it('are needed, and valid', async () => {
    await http.when({ ...transaction(good), apiKey: null }).thenRefused(401, 'unauthenticated');
    await http.when({ ...transaction(good), apiKey: 'sk_x' }).thenRefused(401, 'unauthenticated');
  });
  it('allow what they were given, until they are revoked', async () => {
    const { json } = await http
      .when({ path: '/v1/api_keys', body: { name: 'reader', scopes: ['ledger:read'] } })
      .thenAccepted();
    const apiKey = String(json['key']);
    const list: HttpRequest = { ...post({ path: '/transactions' }), method: 'GET', apiKey };
    await http.when(list).thenAccepted();
    await http
      .when({ ...transaction(good), apiKey })
      .thenRefused(403, 'missing_scope', { missing_scope: 'ledger:write' });
    await http
      .given({ path: `/v1/api_keys/${String(json['id'])}/revoke` })
      .when(list)
      .thenRefused(401, 'unauthenticated');
  });
  it('see no ledger that is not theirs', async () => {
    const path = '/v1/ledgers/led_000000000000000000000000/transactions';
    await http.when({ path, body: good }).thenRefused(404, 'ledger_not_found');
    await http.when({ method: 'GET', path }).thenRefused(404, 'ledger_not_found');
  });
});

describe('a dry run', () => {
  it('answers as ever, and writes nothing', async () => {
    const request = post({ path: '/transactions?dry_run=true', body: good });
    const before = await http.send({ method: 'GET', path: `/v1/ledgers/${ledger}/events?limit=1` });
    const { json } = await http.when(request).thenAccepted();
    expect(json).toMatchObject({ dry_run: true, status: 'posted' });
    const after = await http.send({ method: 'GET', path: `/v1/ledgers/${ledger}/events?limit=1` });
    expect(after.headers['ledger-position']).toBe(before.headers['ledger-position']);
  });
});
