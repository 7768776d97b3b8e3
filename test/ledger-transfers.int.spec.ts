import { setTimeout as delay } from 'node:timers/promises';
import { TransitWatch } from '@fintech-ledger/ledger-transfers';
import { sameRowsInAnyBatches } from './support/any-batches';
import { documentedFetch } from './support/documented-fetch';
import { HttpSpec } from './support/http-spec';
import type { HttpAnswer, HttpRequest } from './support/http-spec';
import { until } from './support/readiness';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(240_000);

type Json = Readonly<Record<string, unknown>>;
const transitUrl = 'ledger-transfers:transit:assets:USD';

describe.each(['embedded', 'distributed'] as const)('transfers between ledgers of the %s product', (mode) => {
  let parts: PartsInProcess;
  let http: HttpSpec;
  let sandboxKey = '';
  let from = '';
  let to = '';

  const ask = (request: HttpRequest): Promise<HttpAnswer> => http.ask(request);
  const get = async (path: string, more: Partial<HttpRequest> = {}): Promise<Json> => {
    const { status, json } = await ask({ path, ...more });
    expect([status, json]).toEqual([200, json]);
    return json;
  };
  const list = async (query: string): Promise<readonly Json[]> =>
    (await get(`/v1/ledger_transfers?${query}`))['data'] as readonly Json[];
  const post = async (path: string, body: object = {}, more: Partial<HttpRequest> = {}): Promise<Json> =>
    (await http.when({ path, body, ...more }).thenAccepted()).json;
  const bodyOf = (more: object = {}) => ({
    from: { ledger: from, account: 'cash' },
    to: { ledger: to, account: 'cash' },
    ...{ amount: '30', currency: 'USD' },
    ...more,
  });
  const create = (more: object = {}, extra: Partial<HttpRequest> = {}): Promise<Json> =>
    post('/v1/ledger_transfers', bodyOf(more), extra);
  const ended = async (id: unknown): Promise<Json> => {
    for (;;) {
      const transfer = await get(`/v1/ledger_transfers/${String(id)}`);
      if (transfer['status'] === 'pending') {
        await delay(50);
        continue;
      }
      // What reads a balance next sees the end as well, which is of another read model.
      const headers = { 'ledger-min-position': String(transfer['position']) };
      await get(`/v1/ledgers/${String((transfer['from'] as Json)['ledger'])}/accounts/cash/balance`, {
        headers,
      });
      return transfer;
    }
  };
  const balanceOf = async (ledger: string, account: string): Promise<string> => {
    const { posted } = await get(`/v1/ledgers/${ledger}/accounts/${account}/balance`);
    return String((posted as Json)['balance']);
  };
  /** Waits for balances: what has ended in one ledger may be read a moment later in the other, and in another read model. */
  const balancesBecome = (
    expected: readonly (readonly [ledger: string, account: string, amount: string])[],
  ) =>
    until(`balances are ${JSON.stringify(expected)}`, async () => {
      for (const [ledger, account, amount] of expected)
        if ((await balanceOf(ledger, account)) !== amount) return false;
      return true;
    });
  const newLedger = async (): Promise<string> => {
    const { id } = await post('/v1/ledgers', { name: 'Books' });
    const base = `/v1/ledgers/${String(id)}`;
    for (const [address, type] of Object.entries({
      cash: 'asset',
      own: 'equity',
      ice: 'asset',
      owed: 'liability',
    }))
      await post(`${base}/accounts`, {
        ...{ address, type, currency: 'USD' },
        ...(address === 'cash' && { min_balance: '0' }),
      });
    await post(`${base}/accounts/ice/freeze`);
    return String(id);
  };

  beforeAll(async () => {
    parts = await startParts(mode);
    http = new HttpSpec(parts.url, parts.apiKey, '');
    [from, to] = [await newLedger(), await newLedger()];
    http = new HttpSpec(parts.url, parts.apiKey, from);
    const funded = { debit_account: 'cash', credit_account: 'own', amount: '1000000', currency: 'USD' };
    await post(`/v1/ledgers/${from}/transfers`, funded);
    sandboxKey = String((await post('/v1/sandboxes', { name: mode }))['api_key']);
  });
  afterAll(() => parts?.close());

  it('are settled through transit, and both transactions name them', async () => {
    const made = await create({ description: 'Funding', metadata: { a: 'b' } });
    expect(made).toMatchObject({
      ...{ object: 'ledger_transfer', status: 'pending', amount: '30', currency: 'USD', livemode: true },
      ...{ description: 'Funding', metadata: { a: 'b' }, failure_code: null, settled_at: null },
      from: { ledger: from, account: 'cash' },
      to: { ledger: to, account: 'cash' },
    });
    expect(made['id']).toMatch(/^lt_/);
    const settled = await ended(made['id']);
    expect(settled).toMatchObject({ status: 'settled', settled_at: expect.any(String) as string });
    await balancesBecome([
      ...[[to, 'cash', '30'] as const, [from, 'cash', '999970'] as const],
      ...[[from, transitUrl, '30'] as const, [to, transitUrl, '-30'] as const],
    ]);
    for (const [ledger, name] of [
      [from, 'from_transaction'],
      [to, 'to_transaction'],
    ] as const) {
      const found = await get(
        `/v1/ledgers/${ledger}/transactions?metadata[ledger_transfer]=${String(made['id'])}`,
      );
      expect((found['data'] as readonly Json[]).map(({ id }) => id)).toEqual([settled[name]]);
    }
  });

  it('are given back when the other ledger declines them, with the reason', async () => {
    const before = await balanceOf(from, 'cash');
    for (const [account, code] of [
      ['none', 'unknown_account'],
      ['ice', 'account_frozen'],
      ['owed', 'normal_balance_mismatch'],
    ]) {
      const { id } = await create({ to: { ledger: to, account } });
      expect(await ended(id)).toMatchObject({
        ...{ status: 'reversed', failure_code: code, to_transaction: null },
        reversal_transaction: expect.stringMatching(/^txn_/) as string,
      });
    }
    expect(await balanceOf(from, 'cash')).toBe(before);
  });

  it('have one answer for a key, also once they have ended', async () => {
    const headers = { 'idempotency-key': 'funding-1' };
    const first = await create({}, { headers });
    await ended(first['id']);
    const again = await http.send({ path: '/v1/ledger_transfers', body: bodyOf(), headers });
    expect([again.json, again.headers['idempotency-replayed']]).toEqual([first, 'true']);
    await http
      .when({ path: '/v1/ledger_transfers', body: bodyOf({ amount: '31' }), headers })
      .thenRefused(422, 'idempotency_key_reused');
  });

  it.each<[string, object, number, string, string]>([
    ['of more than there is', { amount: '9999999' }, 422, 'insufficient_funds', '/amount'],
    ['of another currency', { currency: 'EUR' }, 422, 'currency_mismatch', '/currency'],
    ['of a number', { amount: 5 }, 400, 'amount_not_a_string', '/amount'],
    ['of nothing', { amount: '0' }, 400, 'invalid_amount', '/amount'],
    ['of what nobody knows', { reference: 'x' }, 400, 'unknown_field', '/reference'],
  ])('are refused %s, and nothing is booked', async (_what, more, status, code, param) => {
    await http
      .when({ path: '/v1/ledger_transfers', body: bodyOf(more) })
      .thenRefused(status, code, { param });
  });

  it('are refused from and to where nothing can be, and nothing is booked', async () => {
    const refuse = (more: object, status: number, code: string, param: string): Promise<void> =>
      http.when({ path: '/v1/ledger_transfers', body: bodyOf(more) }).thenRefused(status, code, { param });
    await refuse({ to: { ledger: from, account: 'own' } }, 422, 'transfer_within_ledger', '/to/ledger');
    await refuse({ from: { ledger: 'led_x', account: 'cash' } }, 404, 'ledger_not_found', '/from/ledger');
    await refuse({ to: { ledger: 'led_x', account: 'cash' } }, 404, 'ledger_not_found', '/to/ledger');
    await refuse({ from: { ledger: from, account: 'none' } }, 422, 'unknown_account', '/from/account');
    await refuse({ from: { ledger: from, account: 'ice' } }, 422, 'account_frozen', '/from/account');
    await refuse({ from: { ledger: from, account: transitUrl } }, 422, 'account_managed', '/from/account');
    await refuse({ to: { ledger: 'x', account: 'cash' } }, 400, 'invalid_parameter', '/to/ledger');
    const payments = String((await get('/v1/payments_ledger'))['id']);
    const bank = { ledger: payments, account: 'payments:bank:USD' };
    await refuse({ to: bank }, 422, 'account_managed', '/to/account');
  });

  it('are of one environment', async () => {
    const { id } = await create();
    await ended(id);
    await http
      .when({ path: '/v1/ledger_transfers', body: bodyOf(), apiKey: sandboxKey })
      .thenRefused(404, 'ledger_not_found', { param: '/from/ledger' });
    const path = `/v1/ledger_transfers/${String(id)}`;
    expect((await ask({ path, apiKey: sandboxKey })).status).toBe(404);
    expect((await get('/v1/ledger_transfers', { apiKey: sandboxKey }))['data']).toEqual([]);
  });

  it('may be tried out', async () => {
    const before = await balanceOf(from, 'cash');
    expect(await post('/v1/ledger_transfers?dry_run=true', bodyOf())).toMatchObject({ dry_run: true });
    expect(await balanceOf(from, 'cash')).toBe(before);
  });

  it('are shown as they were, with what happened to them', async () => {
    const made = await create({ metadata: { a: '1', b: '2' } });
    const path = `/v1/ledger_transfers/${String(made['id'])}`;
    await ended(made['id']);
    const changed = await http
      .when({ path, method: 'PATCH', body: { description: 'x', metadata: { a: null } } })
      .thenAccepted();
    expect(changed.json).toMatchObject({ description: 'x', metadata: { b: '2' }, status: 'settled' });
    expect(await get(path)).toEqual(changed.json);
    const first = await get(`${path}?as_of=${String(made['position'])}`);
    expect(first).toEqual(made);
    expect((await ask({ path: `${path}?as_of=2020-01-01T00:00:00Z` })).status).toBe(404);
    const history = (await get(`${path}/history`))['data'] as readonly Json[];
    expect(history.map(({ type, actor, changes }) => [type, (actor as Json)['type'], changes])).toEqual([
      ['ledger_transfer.updated', 'api_key', { description: null, metadata: { a: '1', b: '2' } }],
      ['ledger_transfer.settled', 'system', { status: 'pending', to_transaction: null, settled_at: null }],
      ['ledger_transfer.created', 'api_key', {}],
    ]);
    expect(history[2]?.['entries']).toEqual([
      { account: 'cash', direction: 'credit', amount: '30', currency: 'USD' },
      { account: transitUrl, direction: 'debit', amount: '30', currency: 'USD' },
    ]);
    const pages: unknown[] = [];
    for (let cursor = ''; ;) {
      const page = await get(`${path}/history?limit=1${cursor}`);
      pages.push(...(page['data'] as readonly Json[]));
      if (page['has_more'] !== true) break;
      cursor = `&cursor=${String(page['next_cursor'])}`;
    }
    expect(pages).toEqual(history);
    await http
      .when({ path: '/v1/ledger_transfers/lt_none', method: 'PATCH', body: {} })
      .thenRefused(404, 'ledger_transfer_not_found');
  });

  it('are listed by what is asked for, newest first, each once while others are made', async () => {
    const third = await newLedger();
    const made = [];
    for (const n of ['1', '2', '3', '4', '5'])
      made.push(String((await create({ to: { ledger: third, account: 'cash' }, metadata: { n } }))['id']));
    const { id: declined } = await create({ to: { ledger: third, account: 'none' } });
    for (const id of [...made, declined]) await ended(id);
    const newest = [...made].reverse();
    const ids = async (query: string) => (await list(query)).map(({ id }) => id);
    expect(await ids(`to_ledger=${third}&status=settled`)).toEqual(newest);
    expect(await ids(`to_ledger=${third}&status=reversed`)).toEqual([declined]);
    expect(await ids(`to_ledger=${third}&metadata[n]=3`)).toEqual([made[2]]);
    expect(await ids(`from_ledger=${third}`)).toEqual([]);
    expect(await ids(`to_ledger=${third}&currency=EUR`)).toEqual([]);
    expect(await ids(`to_ledger=${third}&to=2020-01-01T00:00:00Z`)).toEqual([]);
    expect(await ids(`to_ledger=${third}&from=2020-01-01T00:00:00Z`)).toEqual([declined, ...newest]);
    const paged: unknown[] = [];
    for (let cursor = ''; ;) {
      const page = await get(`/v1/ledger_transfers?limit=2&to_ledger=${third}&status=settled${cursor}`);
      paged.push(...(page['data'] as readonly Json[]).map(({ id }) => id));
      if (page['has_more'] !== true) break;
      if (cursor === '') await ended((await create({ to: { ledger: third, account: 'cash' } }))['id']);
      cursor = `&cursor=${String(page['next_cursor'])}`;
    }
    expect(paged).toEqual(newest);
  });

  it('see what a position says, where it is of their organization', async () => {
    const made = await create();
    const at = { headers: { 'ledger-min-position': String(made['position']) } };
    expect((await get('/v1/ledger_transfers?limit=1', at))['data']).toMatchObject([{ id: made['id'] }]);
    const foreign = { headers: { 'ledger-min-position': 'led_none@1' } };
    expect((await get('/v1/ledger_transfers?limit=1', foreign))['data']).toMatchObject([{ id: made['id'] }]);
  });

  it('are left alone in transit by clients, and found there by the watch', async () => {
    const { id } = await create();
    await ended(id);
    const account = `/v1/ledgers/${from}/accounts/${transitUrl}`;
    await http.when({ path: `${account}/freeze`, body: {} }).thenRefused(422, 'account_managed');
    const taken = { debit_account: 'own', credit_account: transitUrl, amount: '1', currency: 'USD' };
    await http
      .when({ path: `/v1/ledgers/${from}/transfers`, body: taken })
      .thenRefused(422, 'account_managed');
    const { from_transaction: transaction } = await get(`/v1/ledger_transfers/${String(id)}`);
    await http
      .when({ path: `/v1/ledgers/${from}/transactions/${String(transaction)}/reverse`, body: {} })
      .thenRefused(422, 'account_managed');
    // The other ledger's events may be read a moment later.
    for (;;) {
      const look = await new TransitWatch(parts.live).look();
      if (look.differences.length === 0 && look.openCount === 0) break;
      await delay(50);
    }
    const organization = await parts.database.query<{ id: string }>(
      'select organization_id as id from read.ledger_transfers limit 1',
    );
    const add = (amount: string) =>
      parts.live.query(`update read.ledger_transfer_transit set booked = booked + $1 where ledger_id = $2`, [
        amount,
        from,
      ]);
    await add('5');
    let now = 0;
    const watch = new TransitWatch(parts.live, () => now);
    const differs = { organizationId: organization.rows[0]?.id, currency: 'USD', transit: '5', open: '0' };
    expect((await watch.look()).differences).toEqual([{ ...differs, lastsMs: 0 }]);
    now = 400_000;
    expect((await watch.look()).differences).toEqual([{ ...differs, lastsMs: 400_000 }]);
    await add('-5');
    now = 800_000;
    expect((await watch.look()).differences).toEqual([]);
    await add('5');
    now = 1_200_000;
    expect((await watch.look()).differences).toEqual([{ ...differs, lastsMs: 0 }]);
    await add('-5');
  });

  it('are read where another ledger of the environment is halted, and not listed without it', async () => {
    const { id } = await create();
    await ended(id);
    const other = await newLedger();
    await get(`/v1/ledgers/${other}/accounts/cash`);
    await parts.database.query(
      `insert into read.halted_streams (projection, stream, revision, reason, attempts, retry_at)
       values ('ledger_transfers', $1, 0, 'a test', 1, 'infinity')`,
      [`journal-${other}`],
    );
    const halted = { status: 503, json: { code: 'read_model_halted' } };
    expect(await ask({ path: `/v1/ledger_transfers/${String(id)}` })).toMatchObject({ status: 200 });
    expect(await ask({ path: `/v1/ledger_transfers?from_ledger=${from}` })).toMatchObject({ status: 200 });
    expect(await ask({ path: `/v1/ledger_transfers?from_ledger=${other}` })).toMatchObject(halted);
    expect(await ask({ path: '/v1/ledger_transfers' })).toMatchObject(halted);
    // It might be there.
    expect(await ask({ path: '/v1/ledger_transfers/lt_none' })).toMatchObject(halted);
    await parts.database.query(`delete from read.halted_streams where stream = $1`, [`journal-${other}`]);
  });

  it('are not imported with other terms of their transit accounts: the line and the field are named', async () => {
    const { id } = await post('/v1/ledgers', { name: 'Wrong' });
    const line = (more: object) =>
      JSON.stringify({ object: 'account', address: transitUrl, type: 'asset', currency: 'USD', ...more });
    const imported = await documentedFetch(`${parts.url}/v1/ledgers/${String(id)}/imports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${parts.apiKey}`, 'content-type': 'application/x-ndjson' },
      body: [line({ min_balance: '0' }), line({ type: 'liability' }), line({ currency: 'EUR' })].join('\n'),
    });
    const code = 'account_managed';
    const { errors } = (await imported.json()) as { readonly errors: unknown };
    expect([imported.status, errors]).toMatchObject([
      422,
      [
        { code, line: 1, column: '/min_balance' },
        { code, line: 2, column: '/type' },
        { code, line: 3, column: '/currency' },
      ],
    ]);
  });

  it('are exported with their transit accounts, and imported where those are ordinary ones', async () => {
    const last = await http
      .when({
        path: `/v1/ledgers/${to}/accounts/own`,
        method: 'PATCH',
        body: { metadata: { exported: 'true' } },
      })
      .thenAccepted();
    const position = String(last.headers['ledger-position']);
    const exported = await documentedFetch(`${parts.url}/v1/ledgers/${to}/export?format=ndjson`, {
      headers: { authorization: `Bearer ${parts.apiKey}`, 'ledger-min-position': position },
    });
    const { id } = await post('/v1/ledgers', { name: 'Copy' });
    const imported = await documentedFetch(`${parts.url}/v1/ledgers/${String(id)}/imports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${parts.apiKey}`, 'content-type': 'application/x-ndjson' },
      body: await exported.text(),
    });
    expect([imported.status, await imported.text()]).toEqual([
      expect.any(Number),
      expect.not.stringContaining('account_managed'),
    ]);
    for (const account of ['cash', transitUrl]) {
      const headers = { 'ledger-min-position': position };
      const { posted } = await get(`/v1/ledgers/${to}/accounts/${account}/balance`, { headers });
      await balancesBecome([[String(id), account, String((posted as Json)['balance'])]]);
    }
  });

  it('are imported as they came back, also where an account was frozen by then, by an administrator alone', async () => {
    const importTo = async (ledger: string, body: string, apiKey = parts.apiKey): Promise<Json> => {
      const imported = await documentedFetch(`${parts.url}/v1/ledgers/${ledger}/imports`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/x-ndjson' },
        body,
      });
      return (await imported.json()) as Json;
    };
    const entry = (account: string, direction: string): object => ({
      ...{ account, direction, amount: '30', currency: 'USD' },
    });
    const entries = [entry('ice', 'debit'), entry('own', 'credit')];
    const givenBack = JSON.stringify({ object: 'transaction', id: 'txn_1', entries, judged: false });
    const first = await newLedger();
    const writer = { name: 'Writer', scopes: ['ledger:write'] };
    const { key } = await post('/v1/api_keys', writer);
    expect(await importTo(first, givenBack, String(key))).toMatchObject({
      errors: [{ code: 'account_frozen', line: 1 }],
    });
    const booked = await importTo(first, givenBack);
    expect(booked).toMatchObject({ errors: [], transactions: { imported: 1 } });
    const exported = await documentedFetch(`${parts.url}/v1/ledgers/${first}/export?format=ndjson`, {
      headers: {
        authorization: `Bearer ${parts.apiKey}`,
        'ledger-min-position': String(booked['position']),
      },
    });
    const { id } = await post('/v1/ledgers', { name: 'Copy' });
    const text = await exported.text();
    expect(await importTo(String(id), text)).toMatchObject({ errors: [], transactions: { imported: 1 } });
    await balancesBecome([
      [first, 'ice', '30'],
      [String(id), 'ice', '30'],
    ]);
    expect(await get(`/v1/ledgers/${String(id)}/accounts/ice`)).toMatchObject({ status: 'frozen' });
    expect(await importTo(String(id), text)).toMatchObject({ transactions: { imported: 0, skipped: 1 } });
  });

  // The other one has the same events.
  if (mode === 'embedded')
    it('leave the same rows in every read model, wherever batches end', async () => {
      expect(await sameRowsInAnyBatches(parts.store)).toEqual(
        expect.arrayContaining(['ledger_transfers', 'ledger_transfer_arrivals', 'ledger_transfer_transit']),
      );
    });
});
