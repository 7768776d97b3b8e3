import { setTimeout as delay } from 'node:timers/promises';
import { HttpSpec } from './support/http-spec';
import type { HttpAnswer, HttpRequest } from './support/http-spec';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(180_000);

interface Told {
  readonly id: string;
  readonly type: string;
  readonly ledger: string | null;
  readonly position: string | null;
  readonly data: { readonly object: Readonly<Record<string, unknown>> };
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
  readonly actor: { readonly type: string; readonly id: string | null };
}

describe.each(['embedded', 'distributed'] as const)('public events of the %s product', (mode) => {
  let parts: PartsInProcess;
  let http: HttpSpec;
  let ledger = '';

  const made = async (path: string, body: object = {}, headers: Record<string, string> = {}) =>
    (await http.when({ path, body, headers }).thenAccepted()).json;
  const within = (path: string): string => `/v1/ledgers/${ledger}${path}`;
  const transfer = (more: object = {}) => ({
    debit_account: 'a',
    credit_account: 'b',
    amount: '100',
    currency: 'USD',
    ...more,
  });
  /** A busy machine may need more than the second that a query waits, and then it is told to come again. */
  const ask = async (request: HttpRequest): Promise<HttpAnswer> => {
    let answer = await http.send({ method: 'GET', ...request });
    for (let n = 0; answer.status === 503 && n < 30; n += 1) {
      await delay(100);
      answer = await http.send({ method: 'GET', ...request });
    }
    return answer;
  };
  const told = async (query = ''): Promise<readonly Told[]> => {
    const { status, json } = await ask({ path: `/v1/events?limit=100${query}` });
    expect([status, json]).toEqual([200, json]);
    return json['data'] as readonly Told[];
  };
  const typesOf = (events: readonly Told[]): readonly string[] => events.map(({ type }) => type);

  beforeAll(async () => {
    parts = await startParts(mode);
    http = new HttpSpec(parts.url, parts.apiKey, '');
    ledger = String((await made('/v1/ledgers', { name: 'books' }))['id']);
    for (const address of ['a', 'b'])
      await made(within('/accounts'), { address, type: 'asset', currency: 'USD' });
  });
  afterAll(() => parts?.close());

  it('have what was just acknowledged, with who asked and how', async () => {
    const { id, position } = await made(within('/transfers'), transfer(), { 'idempotency-key': 'order-1' });
    const [newest] = await told();
    expect(newest).toMatchObject({
      object: 'event',
      type: 'transaction.posted',
      ledger,
      position,
      data: { object: { id, object: 'transaction', status: 'posted' } },
      request: { idempotency_key: 'order-1' },
      actor: { type: 'api_key' },
      livemode: true,
    });
    expect(await ask({ path: `/v1/events/${newest?.id ?? ''}` })).toMatchObject({
      status: 200,
      json: { id: newest?.id, livemode: true },
    });
    expect(await ask({ path: '/v1/events?object=%ff' })).toMatchObject({
      status: 400,
      json: { code: 'invalid_string' },
    });
    expect(newest?.request.id).toMatch(/^req_/);
    expect(newest?.actor.id).toMatch(/^key_/);
  });

  it('tell the life of a hold, an account, and a key, and nothing twice', async () => {
    const hold = String((await made(within('/transfers'), transfer({ pending: true })))['id']);
    await made(within(`/transactions/${hold}/capture`), { amount: '40', final: false });
    await made(within(`/transactions/${hold}/void`));
    expect(typesOf(await told(`&object=${hold}`))).toEqual(['hold.voided', 'hold.captured', 'hold.placed']);

    const soon = new Date(Date.now() + 3_000).toISOString();
    const expiring = String(
      (await made(within('/transfers'), transfer({ pending: true, expires_at: soon })))['id'],
    );
    const expired = () => told(`&object=${expiring}&type=hold.expired`);
    let events = await expired();
    for (let n = 0; events.length === 0 && n < 300; n += 1) {
      await delay(100);
      events = await expired();
    }
    expect(events).toMatchObject([{ actor: { type: 'system', id: null }, request: { id: null } }]);

    const posted = String((await made(within('/transfers'), transfer()))['id']);
    const reversal = String((await made(within(`/transactions/${posted}/reverse`)))['id']);
    for (const id of [posted, reversal]) {
      const [event] = await told(`&object=${id}`);
      expect(event).toMatchObject({
        type: 'transaction.reversed',
        data: { object: { id: reversal, reverses: posted } },
      });
    }

    await made(within('/accounts'), { address: 'c', type: 'asset', currency: 'USD' });
    for (const verb of ['freeze', 'unfreeze', 'close', 'reopen']) await made(within(`/accounts/c/${verb}`));
    await http
      .when({ method: 'PATCH', path: within('/accounts/c'), body: { metadata: { a: 'b' } } })
      .thenAccepted();
    expect(typesOf(await told('&object=c'))).toEqual([
      'account.updated',
      'account.reopened',
      'account.closed',
      'account.unfrozen',
      'account.frozen',
      'account.opened',
    ]);

    const key = await made('/v1/api_keys', { name: 'x', scopes: ['events:read'] });
    await made(`/v1/api_keys/${String(key['id'])}/revoke`);
    const ofKey = await told(`&object=${String(key['id'])}`);
    expect(typesOf(ofKey)).toEqual(['api_key.revoked', 'api_key.created']);
    expect(JSON.stringify(ofKey)).not.toContain(String(key['key']));

    const all = await told();
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it('are filtered by type, ledger and time, and each is found by its id', async () => {
    const [opened, ...others] = await told('&type=account.opened,ledger.created');
    expect(new Set(typesOf(others))).toEqual(new Set(['account.opened', 'ledger.created']));
    const { status, json, headers } = await ask({ path: `/v1/events/${opened?.id}` });
    expect([status, json]).toEqual([200, opened]);
    expect(headers['ledger-position']).toMatch(/^org_.+@\d+$/);
    const other = String((await made('/v1/ledgers', { name: 'other' }))['id']);
    expect(await told(`&ledger=${other}`)).toEqual([]);
    const [created] = await told('&type=ledger.*');
    expect(created).toMatchObject({ ledger: null, position: null, data: { object: { id: other } } });
    expect(await told('&to=2020-01-01T00:00:00Z')).toEqual([]);
    expect(await told('&from=2100-01-01T00:00:00Z')).toEqual([]);
  });

  it('wait for a position of the organization or of a ledger of it, and pass over any other', async () => {
    const { position } = await made(within('/transfers'), transfer());
    const at = (value: string) => ({ path: '/v1/events?limit=1', headers: { 'ledger-min-position': value } });
    const { status, json } = await ask(at(String(position)));
    expect(status).toBe(200);
    expect((json['data'] as Told[])[0]).toMatchObject({ position });
    const [owner = ''] = String(position).split('@');
    await http.when({ method: 'GET', ...at(`${owner}@999999`) }).thenRefused(503, 'read_model_behind');
    for (const passedOver of ['led_other@999999', 'org_other@999999'])
      expect((await ask(at(passedOver))).status).toBe(200);
    await http
      .when({ method: 'GET', ...at('other') })
      .thenRefused(400, 'invalid_position', { param: '/Ledger-Min-Position' });
    await http
      .when({ method: 'GET', path: '/v1/events?type=nothing.*' })
      .thenRefused(400, 'invalid_parameter', { param: '/type' });
  });

  it('are for keys with events:read', async () => {
    const keyOf = async (scope: string) =>
      String((await made('/v1/api_keys', { name: scope, scopes: [scope] }))['key']);
    const [weak, strong] = [await keyOf('ledger:read'), await keyOf('events:read')];
    await http
      .when({ method: 'GET', path: '/v1/events', apiKey: weak })
      .thenRefused(403, 'missing_scope', { missing_scope: 'events:read' });
    expect((await ask({ path: '/v1/events?limit=1', apiKey: strong })).status).toBe(200);
  });
});
