import { HttpSpec } from './support/http-spec';
import type { HttpAnswer, HttpRequest } from './support/http-spec';
import { sameRowsInAnyBatches } from './support/any-batches';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(180_000);

interface Environment {
  readonly http: HttpSpec;
  readonly ledger: string;
  readonly key: string;
  readonly transfer: string;
  readonly event: string;
}

/** Another organization's ledger, key and event have the same answers as what is nowhere. */
describe.each(['embedded', 'distributed'] as const)('environments of the %s product', (mode) => {
  let parts: PartsInProcess;
  let live: Environment;
  let test: Environment;
  let sandbox: Readonly<Record<string, unknown>>;

  const get = (http: HttpSpec, path: string): Promise<HttpAnswer> => http.ask({ path });
  const listed = async (http: HttpSpec, path: string) => {
    const { status, json } = await get(http, path);
    expect(status).toBe(200);
    return json['data'] as readonly Readonly<Record<string, unknown>>[];
  };

  async function fill(apiKey: string, name: string): Promise<Environment> {
    const http = new HttpSpec(parts.url, apiKey, '');
    const made = async (path: string, body: object) => (await http.when({ path, body }).thenAccepted()).json;
    const ledger = String((await made('/v1/ledgers', { name }))['id']);
    for (const address of ['a', 'b'])
      await made(`/v1/ledgers/${ledger}/accounts`, { address, type: 'asset', currency: 'USD' });
    const terms = { debit_account: 'a', credit_account: 'b', amount: '1', currency: 'USD' };
    const transfer = String((await made(`/v1/ledgers/${ledger}/transfers`, terms))['id']);
    const key = String((await made('/v1/api_keys', { name, scopes: ['ledger:read'] }))['id']);
    const [newest] = await listed(http, '/v1/events?type=api_key.created');
    return { http, ledger, key, transfer, event: String(newest?.['id']) };
  }

  beforeAll(async () => {
    parts = await startParts(mode);
    const owner = new HttpSpec(parts.url, parts.apiKey, '');
    const headers = { 'idempotency-key': 'staging' };
    sandbox = (await owner.when({ path: '/v1/sandboxes', body: { name: 'Staging' }, headers }).thenAccepted())
      .json;
    live = await fill(parts.apiKey, 'live');
    test = await fill(String(sandbox['api_key']), 'test');
  });
  afterAll(() => parts?.close());

  it('show a key of each once, and list the sandbox where it was made alone', async () => {
    expect([parts.apiKey, sandbox['api_key']]).toEqual([
      expect.stringMatching(/^sk_live_/),
      expect.stringMatching(/^sk_test_/),
    ]);
    const headers = { 'idempotency-key': 'staging' };
    const again = await live.http
      .when({ path: '/v1/sandboxes', body: { name: 'Staging' }, headers })
      .thenAccepted();
    expect(again.json).toEqual({ ...sandbox, api_key: null, secret_shown: true });
    const { api_key: _key, position: _position, ...shown } = sandbox;
    expect(shown).toMatchObject({ object: 'sandbox', name: 'Staging', livemode: false });
    expect(await listed(live.http, '/v1/sandboxes')).toEqual([shown]);
    expect((await get(live.http, `/v1/sandboxes/${String(sandbox['id'])}`)).json).toEqual(shown);
    expect(await listed(test.http, '/v1/sandboxes')).toEqual([]);
    const own = await get(test.http, `/v1/sandboxes/${String(sandbox['id'])}`);
    expect([own.status, own.json['code']]).toEqual([404, 'sandbox_not_found']);
  });

  it.each([
    ['live', 'test'],
    ['test', 'live'],
  ] as const)('a key of the %s one finds nothing of the %s one', async (mine, others) => {
    const [{ http }, other] = [{ live, test }[mine], { live, test }[others]];
    const at = `/v1/ledgers/${other.ledger}`;
    for (const path of [
      at,
      `${at}/accounts`,
      `${at}/accounts/a/balance`,
      `${at}/transactions/${other.transfer}`,
      `${at}/events`,
      `${at}/export`,
      `/v1/events/${other.event}`,
      `/v1/events?ledger=${other.ledger}`,
    ]) {
      const { status } = await get(http, path);
      expect([path, status]).toEqual([path, 404]);
    }
    const terms = { debit_account: 'a', credit_account: 'b', amount: '1', currency: 'USD' };
    for (const request of [
      { path: `${at}/transfers`, body: terms },
      { path: `${at}/transactions/${other.transfer}/reverse`, body: {} },
      { path: `/v1/api_keys/${other.key}/revoke` },
      { path: `/v1/api_keys/${other.key}`, method: 'DELETE' as const },
    ]) {
      const { status } = await http.send(request);
      expect([request.path, status]).toEqual([request.path, 404]);
    }
    const names = async (path: string) => (await listed(http, path)).map(({ name }) => name);
    expect(await names('/v1/ledgers')).toEqual([mine]);
    expect(await names('/v1/api_keys')).toEqual([mine, 'First key']);
  });

  it('have their own events: a sandbox those of its keys, from the first one on', async () => {
    const types = (await listed(test.http, '/v1/events')).map(({ type }) => type);
    expect(types).toEqual([
      'api_key.created',
      'transaction.posted',
      'account.opened',
      'account.opened',
      'ledger.created',
      'api_key.created',
    ]);
    const objects = (await listed(live.http, '/v1/events')).map(({ data }) => JSON.stringify(data));
    expect(objects.filter((object) => object.includes(test.key) || object.includes(test.ledger))).toEqual([]);
  });

  it('have idempotency keys of their own', async () => {
    const request = { path: '/v1/ledgers', body: { name: 'same' }, headers: { 'idempotency-key': 'same' } };
    const made = [await live.http.when(request).thenAccepted(), await test.http.when(request).thenAccepted()];
    expect(new Set(made.map(({ json }) => json['id'])).size).toBe(2);
  });

  it('have read models in common, which are listed page by page', async () => {
    const all = await get(live.http, '/v1/projections');
    const names = (all.json['data'] as readonly { name: string }[]).map(({ name }) => name);
    expect([all.json['has_more'], all.json['next_cursor']]).toEqual([false, null]);
    expect(names).toEqual([...names].sort());
    expect(names.length).toBeGreaterThan(10);
    const paged: string[] = [];
    for (let cursor = ''; ;) {
      const { status, json } = await get(live.http, `/v1/projections?limit=4${cursor}`);
      expect(status).toBe(200);
      paged.push(...(json['data'] as readonly { name: string }[]).map(({ name }) => name));
      if (json['has_more'] !== true) break;
      cursor = `&cursor=${String(json['next_cursor'])}`;
    }
    expect(paged).toEqual(names);
    const usual = await get(live.http, '/v1/projections');
    expect(usual.json['data']).toHaveLength(Math.min(20, names.length));
    expect((await get(live.http, '/v1/projections?cursor=x')).json['code']).toBe('invalid_cursor');
  });

  describe('a key of a sandbox', () => {
    const create = (path: string, body: object) => ({ path, body });

    it('makes no sandbox', () =>
      test.http.when(create('/v1/sandboxes', { name: 'x' })).thenRefused(403, 'live_key_required'));

    it('has no rights over the installation, and gives none', async () => {
      await test.http
        .when({ method: 'GET', path: '/v1/projections' })
        .thenRefused(403, 'missing_scope', { missing_scope: 'ops:read' });
      expect((await get(live.http, '/v1/projections')).status).toBe(200);
      for (const scope of ['ops:read', 'ops:write', 'ops:*'])
        await test.http
          .when(create('/v1/api_keys', { name: 'x', scopes: ['ledger:read', scope] }))
          .thenRefused(403, 'scope_beyond_own', { missing_scope: 'ops:read' });
    });

    it('makes others of its sandbox, with all that it has, and revokes them', async () => {
      const asked = create('/v1/api_keys', { name: 'all', scopes: ['*'] });
      const { json } = await test.http.when(asked).thenAccepted();
      expect(json['key']).toMatch(/^sk_test_/);
      const other = new HttpSpec(parts.url, String(json['key']), '');
      expect((await listed(other, '/v1/ledgers')).map(({ id }) => id)).toContain(test.ledger);
      await test.http.when({ path: `/v1/api_keys/${String(json['id'])}/revoke` }).thenAccepted();
    });
  });

  it('need a scope to be made and read', async () => {
    const body = { name: 'reader', scopes: ['organization:read'] };
    const { json } = await live.http.when({ path: '/v1/api_keys', body }).thenAccepted();
    expect(json['key']).toMatch(/^sk_live_/);
    const reader = new HttpSpec(parts.url, String(json['key']), '');
    expect(await listed(reader, '/v1/sandboxes')).toHaveLength(1);
    await reader
      .when({ path: '/v1/sandboxes', body: { name: 'x' } })
      .thenRefused(403, 'missing_scope', { missing_scope: 'organization:admin' });
  });

  it('say of what they have whether it is live, in answers that are replayed, too, and events say what they said', async () => {
    for (const [environment, livemode] of [
      [live, true],
      [test, false],
    ] as const) {
      const { http, event, key, ledger } = environment;
      const each = expect.objectContaining({ livemode }) as object;
      let sent = 0;
      /** Sends a command twice; the second answer is the first one, but for a secret. */
      const command = async (
        path: string,
        body: object | undefined = undefined,
        method: HttpRequest['method'] = 'POST',
      ) => {
        const headers = { 'idempotency-key': `livemode ${(sent += 1)}` };
        const request = { path, method, headers, ...(body !== undefined && { body }) };
        const { json } = await http.when(request).thenAccepted();
        const again = await http.when(request).thenAccepted();
        expect(again.headers['idempotency-replayed']).toBe('true');
        const secrets = Object.fromEntries(
          ['key', 'secret'].flatMap((name) =>
            again.json['secret_shown'] === true && name in json ? [[name, null]] : [],
          ),
        );
        const { secret_shown: _shown, ...repeated } = again.json;
        expect(repeated).toEqual({ ...json, ...secrets });
        return json;
      };
      const told = async (id: string) =>
        ((await get(http, `/v1/events/${id}`)).json['data'] as { readonly object: object }).object;

      const keys = await listed(http, '/v1/api_keys');
      expect(keys).toEqual(keys.map(() => each));
      expect(keys.map(({ id }) => id)).toContain(key);
      const made = await command('/v1/api_keys', { name: 'brief', scopes: ['ledger:read'] });
      // Repeated, they have the bytes that a release without environments answered.
      const revoked = await command(`/v1/api_keys/${String(made['id'])}/revoke`);
      for (const answer of [made, revoked]) expect(answer).not.toHaveProperty('livemode');
      expect(await told(event)).not.toHaveProperty('livemode');

      const body = { url: 'https://93.184.216.34/hook', event_types: ['ledger.created'] };
      const one = await command('/v1/webhook_endpoints', body);
      const endpoint = `/v1/webhook_endpoints/${String(one['id'])}`;
      expect(one).toEqual(each);
      expect(await listed(http, '/v1/webhook_endpoints')).toEqual([each]);
      expect((await get(http, endpoint)).json).toEqual(each);
      expect(await command(endpoint, { description: 'shop' }, 'PATCH')).toEqual(each);
      expect(await command(`${endpoint}/rotate_secret`, {})).toEqual(each);
      const accepted = async (path: string, asked: object = {}) =>
        (await http.when({ path, body: asked }).thenAccepted()).json;
      const sentTest = await accepted(`${endpoint}/test`, { type: 'ledger.created' });
      expect([sentTest, (await get(http, `/v1/deliveries/${String(sentTest['id'])}`)).json]).toEqual([
        each,
        each,
      ]);
      const replay = await accepted(`${endpoint}/replays`);
      expect([replay, (await get(http, `/v1/replays/${String(replay['id'])}`)).json]).toEqual([each, each]);
      const deliveries = await listed(http, `${endpoint}/deliveries`);
      expect(deliveries.length).toBeGreaterThan(0);
      expect(deliveries).toEqual(deliveries.map(() => each));
      expect(await command(`${endpoint}/disable`)).toEqual(each);
      expect(await command(`${endpoint}/enable`, {})).toEqual(each);
      expect(await command(endpoint, undefined, 'DELETE')).toEqual(each);

      const bank = { iban: 'DE89370400440532013000', account_holder: 'Example Shop Ltd' };
      const put = await command('/v1/bank_accounts', { bank_accounts: [bank] }, 'PUT');
      expect(put['bank_accounts']).toEqual([each]);
      expect((await get(http, '/v1/bank_accounts')).json['bank_accounts']).toEqual([each]);

      const subject = await command('/v1/data_subjects', { reference: 'user-17' });
      expect(subject).toEqual(each);
      expect((await get(http, `/v1/data_subjects/${String(subject['id'])}`)).json).toEqual(each);
      expect(await listed(http, '/v1/data_subjects')).toEqual([each]);
      expect(await command(`/v1/data_subjects/${String(subject['id'])}/erase`)).toEqual(each);

      const closes = `/v1/ledgers/${ledger}/period_closes`;
      const close = await command(closes, { through: '2020-01-31T23:59:59.999Z', reason: 'reconciled' });
      expect(close).toEqual(each);
      expect((await get(http, `${closes}/${String(close['id'])}`)).json).toEqual(each);
      expect(await listed(http, closes)).toEqual([each]);
      const [newest] = await listed(http, '/v1/events?type=period.closed');
      expect(await told(String(newest?.['id']))).not.toHaveProperty('livemode');
    }
  });

  if (mode === 'embedded')
    it('leave the same rows in every read model, wherever batches end', async () => {
      expect(await sameRowsInAnyBatches(parts.store)).toEqual(
        expect.arrayContaining(['api_keys', 'webhook_endpoints']),
      );
    });
});
