import { setTimeout as delay } from 'node:timers/promises';
import { AuditTrail } from '@fintech-ledger/audit';
import { createLogger } from '@fintech-ledger/logging';
import { documentedFetch } from './support/documented-fetch';
import { HttpSpec } from './support/http-spec';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(180_000);

interface Line {
  readonly id: string;
  readonly time: string;
  readonly actor: { readonly type: string; readonly id: string | null; readonly name: string | null };
  readonly action: string;
  readonly target: { readonly type: string; readonly id: string } | null;
  readonly result: string;
  readonly code: string | null;
  readonly count: number;
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly request_id: string | null;
  readonly correlation_id: string | null;
  readonly changes: Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>> | null;
}

describe.each(['embedded', 'distributed'] as const)('the audit log of the %s product', (mode) => {
  let parts: PartsInProcess;
  let http: HttpSpec;
  let ledger = '';

  const made = async (path: string, body: object = {}, more: object = {}) =>
    (await http.when({ path, body, ...more }).thenAccepted()).json;
  const within = (path: string): string => `/v1/ledgers/${ledger}${path}`;
  const ask = async (path: string) => {
    let answer = await http.send({ method: 'GET', path });
    for (let n = 0; answer.status === 503 && n < 50; n += 1) {
      await delay(100);
      answer = await http.send({ method: 'GET', path });
    }
    return answer;
  };
  const lines = async (query = ''): Promise<readonly Line[]> => {
    const { status, json } = await ask(`/v1/audit_log?limit=100${query}`);
    expect([status, json]).toEqual([200, json]);
    return json['data'] as readonly Line[];
  };
  /** Attempts are written after their answers. */
  const until = async (query: string, isThere: (found: readonly Line[]) => boolean) => {
    let found = await lines(query);
    for (let n = 0; !isThere(found) && n < 100; n += 1) {
      await delay(100);
      found = await lines(query);
    }
    return found;
  };
  const newKey = async (name: string, scopes: readonly string[]) => {
    const { id, key } = await made('/v1/api_keys', { name, scopes });
    return { id: String(id), secret: String(key) };
  };

  beforeAll(async () => {
    parts = await startParts(mode);
    http = new HttpSpec(parts.url, parts.apiKey, '');
    ledger = String((await made('/v1/ledgers', { name: 'books' }))['id']);
    for (const address of ['a', 'b'])
      await made(within('/accounts'), { address, type: 'asset', currency: 'USD' });
  });
  afterAll(() => parts?.close());

  it('says who did what, when, from where, and caused by what', async () => {
    const before = new Date().toISOString();
    const { id } = await made(
      within('/transfers'),
      { debit_account: 'a', credit_account: 'b', amount: '100', currency: 'USD' },
      { headers: { 'user-agent': 'shop/1.0' } },
    );
    const [line, ...others] = await until(`&target=${String(id)}`, ([first]) => first?.ip !== null);
    expect(others).toEqual([]);
    expect(line).toMatchObject({
      object: 'audit_log_line',
      actor: { type: 'api_key', id: expect.stringMatching(/^key_/) as string },
      action: 'transaction.posted',
      target: { type: 'transaction', id },
      result: 'ok',
      code: null,
      count: 1,
      ip: '127.0.0.1',
      user_agent: 'shop/1.0',
    });
    expect(line?.request_id).toMatch(/^req_/);
    expect(line?.correlation_id).toBe(line?.request_id);
    expect(line?.actor.name).toEqual(expect.any(String));
    expect((line?.time ?? '') >= before).toBe(true);
    expect((await lines())[0]).toEqual(line);
  });

  it('says what was changed, before and after', async () => {
    await made(within('/accounts'), {
      address: 'c',
      type: 'asset',
      currency: 'USD',
      metadata: { of: 'one' },
    });
    await made(within('/accounts/c'), { metadata: { of: 'two' } }, { method: 'PATCH' });
    await made(within('/accounts/c/freeze'));
    const [frozen, changed, opened] = await lines('&target=c');
    expect(frozen?.changes).toMatchObject({ status: { before: 'open', after: 'frozen' } });
    expect(Object.keys(frozen?.changes ?? {})).toEqual(['status', 'version']);
    expect(changed?.changes).toMatchObject({ metadata: { before: { of: 'one' }, after: { of: 'two' } } });
    expect(opened?.changes).toMatchObject({ address: { before: null, after: 'c' } });
  });

  it('never says a secret', async () => {
    const { id } = await newKey('secretive', ['ledger:read']);
    const { id: endpoint } = await made('/v1/webhook_endpoints', {
      url: 'https://127.0.0.1/hooks',
      event_types: ['*'],
      ordering: 'none',
      headers: { 'X-Shop': 'hush' },
    });
    const text = JSON.stringify([
      ...(await lines(`&target=${id}`)),
      ...(await lines(`&target=${String(endpoint)}`)),
    ]);
    expect(text).toContain('X-Shop');
    expect(text).not.toMatch(/hush|hmac|sk_live|whsec_|headers_ref/);
  });

  it('has refused attempts, of queries those that the key had no right to', async () => {
    const { id, secret } = await newKey('reader', ['ledger:read']);
    const as = { apiKey: secret };
    await http.send({
      path: within('/accounts'),
      body: { address: 'x', type: 'asset', currency: 'USD' },
      ...as,
    });
    await http.send({ method: 'GET', path: '/v1/api_keys', ...as });
    await http.send({ method: 'GET', path: '/v1/ledgers/led_none', ...as });
    await http.send({ method: 'GET', path: within('/accounts?limit=0'), ...as });
    const found = await until(`&actor=${id}`, (all) => all.length > 1);
    expect(
      found.map(({ action, result, code, target, actor, ip, count, changes }) => ({
        action,
        result,
        code,
        target,
        name: actor.name,
        ip,
        count,
        changes,
      })),
    ).toEqual([
      {
        action: 'listApiKeys',
        result: 'refused',
        code: 'missing_scope',
        target: null,
        name: 'reader',
        ip: '127.0.0.1',
        count: 1,
        changes: null,
      },
      {
        action: 'openAccount',
        result: 'refused',
        code: 'missing_scope',
        target: { type: 'ledger', id: ledger },
        name: 'reader',
        ip: '127.0.0.1',
        count: 1,
        changes: null,
      },
    ]);
    expect(found[0]?.request_id).toMatch(/^req_/);
  });

  it('has the lines of a bulk that were refused, those beyond ten a second counted, and nothing of those of a dry run', async () => {
    const { id, secret } = await newKey('bulk', ['ledger:write']);
    const unknown = (account: string, direction: string) => ({
      account,
      direction,
      amount: '1',
      currency: 'USD',
    });
    const line = JSON.stringify({ entries: [unknown('nobody', 'debit'), unknown('no-one', 'credit')] });
    const bulk = async (query: string, count: number): Promise<readonly string[]> => {
      const body = `${Array.from({ length: count }, () => line).join('\n')}\n{}\n`;
      const answer = await documentedFetch(`${parts.url}${within('/transactions/bulk')}${query}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/x-ndjson' },
        body,
      });
      expect(answer.status).toBe(200);
      return (await answer.text()).trim().split('\n');
    };
    expect(await bulk('?dry_run=true', 2)).toHaveLength(3);
    expect(await bulk('', 40)).toHaveLength(41);
    const sum = (all: readonly Line[], code: string) =>
      all.filter((one) => one.code === code).reduce((total, { count }) => total + count, 0);
    const found = await until(`&actor=${id}`, (all) => sum(all, 'account_not_found') === 40);
    expect(found.length).toBeLessThan(30);
    expect(sum(found, 'missing_field')).toBe(1);
    for (const { action, target, result, ip } of found)
      expect({ action, target, result, ip }).toEqual({
        ...{ action: 'postTransactions', result: 'refused', ip: '127.0.0.1' },
        target: { type: 'ledger', id: ledger },
      });
  });

  it('has what a rule refused, with the account, and nothing of a dry run', async () => {
    const refused = { path: within('/accounts/nobody/close'), body: {} };
    expect((await http.send({ ...refused, path: `${refused.path}?dry_run=true` })).status).toBe(404);
    expect((await http.send(refused)).status).toBe(404);
    // In the place of an id may be anything, and an event is for ever.
    await http.send({ method: 'DELETE', path: '/v1/customers/jenny@example.com' });
    const found = await until('&target=nobody', (all) => all.length > 0);
    expect(found.map(({ code, action, target }) => [code, action, target])).toEqual([
      ['account_not_found', 'closeAccount', { type: 'address', id: 'nobody' }],
    ]);
    const { id: subject } = (await http.send({ path: '/v1/data_subjects', body: { reference: 'r' } })).json;
    await http.when({ path: `/v1/data_subjects/${String(subject)}/erase` }).thenAccepted();
    const named = { name: 'x', metadata: { who: { subject, value: 'Jenny' } } };
    const keyed = { path: '/v1/ledgers', body: named, headers: { 'idempotency-key': `${mode}-of-erased` } };
    expect((await http.send(keyed)).json['code']).toBe('data_subject_erased');
    const [erased] = await until('&action=createLedger', ([first]) => first?.code === 'data_subject_erased');
    expect(erased).toMatchObject({ result: 'refused' });
    const [other] = await until('&action=deleteCustomer', (all) => all.length > 0);
    expect(other).toMatchObject({ code: 'customer_not_found', target: null });
  });

  it('has what was done without an event of its own, found in every way, and exported', async () => {
    const { id: actor, secret } = await newKey('hooks', ['webhooks:write']);
    const hooks = '/v1/webhook_endpoints';
    const { id } = await made(hooks, {
      url: 'https://127.0.0.1/hooks',
      event_types: ['*'],
      ordering: 'none',
    });
    const endpoint = String(id);
    const at = `${hooks}/${endpoint}`;
    const as = { apiKey: secret, headers: { 'user-agent': 'operator/1.0' } };
    const { id: replay } = await made(`${at}/replays`, {}, as);
    expect(await made(`${at}/replays`, { dry_run: true }, as)).toMatchObject({ id: null });
    const never = { dry_run: true, from: '2999-01-01T00:00:00Z' };
    expect((await http.send({ path: `${at}/replays`, body: never, ...as })).status).toBe(422);
    expect((await http.ask({ path: `/v1/replays/${String(replay)}`, ...as })).status).toBe(200);
    expect((await http.ask({ path: '/v1/replays/rpl_none', ...as })).status).toBe(404);
    await made(`/v1/replays/${String(replay)}/cancel`, {}, as);
    await made(`${at}/test`, { type: 'transaction.posted' }, as);
    const found = await until(`&actor=${actor}`, (all) => all.length >= 3 && all[0]?.ip !== null);
    expect(found).toMatchObject([
      { action: 'testWebhookEndpoint', target: { type: 'endpoint', id: endpoint } },
      { action: 'cancelWebhookReplay', target: { type: 'replay', id: replay } },
      { action: 'replayWebhooks', target: { type: 'replay', id: replay } },
    ]);
    expect(found).toHaveLength(3);
    for (const line of found)
      expect(line).toMatchObject({
        ...{ object: 'audit_log_line', result: 'ok', code: null, count: 1, changes: null },
        actor: { type: 'api_key', id: actor, name: 'hooks' },
        ...{ ip: '127.0.0.1', user_agent: 'operator/1.0', correlation_id: line.request_id },
        request_id: expect.stringMatching(/^req_/) as string,
      });
    const [tested, canceled, replayed] = found;
    expect(await lines(`&action=replayWebhooks&target=${String(replay)}`)).toEqual([replayed]);
    expect(await lines(`&target=${String(replay)}`)).toEqual([canceled, replayed]);
    const ofEndpoint = await lines(`&target=${endpoint}`);
    expect(ofEndpoint.filter(({ actor: by }) => by.id === actor)).toEqual([tested, replayed]);
    expect(ofEndpoint.map(({ action }) => action)).toContain('webhook_endpoint.created');
    expect(await lines(`&actor=${actor}&ip=127.0.0.1&from=${canceled?.time ?? ''}`)).toContainEqual(tested);
    const exported = async (format: string): Promise<string> =>
      (
        await documentedFetch(`${parts.url}/v1/audit_log/export?format=${format}&actor=${actor}`, {
          headers: { authorization: `Bearer ${parts.apiKey}` },
        })
      ).text();
    const ndjson = (await exported('ndjson')).trim().split('\n');
    expect(ndjson.map((line) => JSON.parse(line) as Line)).toEqual(found);
    const csv = (await exported('csv')).trim().split('\r\n').slice(1);
    expect(csv.map((line) => line.split(',')[5])).toEqual(found.map(({ action }) => action));
  });

  it('counts in one line what is refused more than ten times in a second', async () => {
    const { id, secret } = await newKey('noisy', ['ledger:read']);
    const attempts = 120;
    const send = () => http.send({ path: '/v1/ledgers', body: { name: 'no' }, apiKey: secret });
    await Promise.all(Array.from({ length: attempts }, send));
    const sum = (all: readonly Line[]) => all.reduce((total, { count }) => total + count, 0);
    const found = await until(`&actor=${id}&action=createLedger`, (all) => sum(all) >= attempts);
    expect(sum(found)).toBe(attempts);
    const ofSecond = new Map<string, number>();
    for (const { time } of found) ofSecond.set(time.slice(0, 19), (ofSecond.get(time.slice(0, 19)) ?? 0) + 1);
    for (const count of ofSecond.values()) expect(count).toBeLessThanOrEqual(11);
    expect(found.some(({ count }) => count > 1)).toBe(true);
  });

  it('has nothing of attempts without a valid key', async () => {
    const known = await parts.store.readStream('audit-nobody', { limit: 1 });
    expect(known).toEqual([]);
    const before = (await lines('&action=createLedger')).length;
    for (const apiKey of [null, 'sk_live_wrong'])
      expect((await http.send({ path: '/v1/ledgers', body: { name: 'x' }, apiKey })).status).toBe(401);
    await delay(600);
    expect((await lines('&action=createLedger')).length).toBe(before);
  });

  it('is found by actor, action, target, address and time, page by page', async () => {
    const all = await lines();
    const [first] = all;
    const actor = first?.actor.id ?? '';
    expect((await lines(`&actor=${actor}`)).every((line) => line.actor.id === actor)).toBe(true);
    expect((await lines('&action=account.opened')).map(({ target }) => target?.id)).toEqual(['c', 'b', 'a']);
    expect((await lines('&ip=127.0.0.1')).length).toBeGreaterThan(5);
    expect(await lines('&ip=192.0.2.1')).toEqual([]);
    expect(await lines('&actor=system&action=api_key.created')).toHaveLength(1);
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { json } = await ask(`/v1/audit_log?limit=3${cursor}`);
      seen.push(...(json['data'] as readonly Line[]).map(({ id }) => id));
      if (json['has_more'] === false) break;
      cursor = `&cursor=${String(json['next_cursor'])}`;
    }
    expect(seen).toEqual((await lines()).map(({ id }) => id));
    expect(new Set(seen).size).toBe(seen.length);
    const middle = all.find(({ result }) => result === 'ok')?.time ?? '';
    const [later, earlier] = [await lines(`&from=${middle}`), await lines(`&to=${middle}`)];
    expect([...later, ...earlier].map(({ id }) => id)).toEqual(seen);
  });

  it.each([
    ['limit=0', 'invalid_limit', '/limit'],
    ['cursor=x', 'invalid_cursor', '/cursor'],
    ['actor=me', 'invalid_parameter', '/actor'],
    ['action=%20', 'invalid_parameter', '/action'],
    ['target=%20', 'invalid_parameter', '/target'],
    ['ip=300.1.1.1', 'invalid_parameter', '/ip'],
    ['ip=1::2::3', 'invalid_parameter', '/ip'],
    ['ip=here', 'invalid_parameter', '/ip'],
    ['from=today', 'invalid_time', '/from'],
    ['since=1', 'unknown_parameter', '/since'],
  ])('refuses %s', async (query, code, param) => {
    const { status, json } = await ask(`/v1/audit_log?${query}`);
    expect([status, json['code']]).toEqual([400, code]);
    expect(JSON.stringify(json)).toContain(param);
  });

  it('needs its scope, and shows an organization nothing of another', async () => {
    const { secret } = await newKey('no auditor', ['ledger:admin']);
    expect((await http.send({ method: 'GET', path: '/v1/audit_log', apiKey: secret })).status).toBe(403);
    const apiKey = String((await made('/v1/sandboxes', { name: 'apart' }))['api_key']);
    const answer = await http.send({ method: 'GET', path: '/v1/audit_log?limit=100', apiKey });
    expect(answer.status).toBe(200);
    const actions = (answer.json['data'] as readonly Line[]).map(({ action }) => action);
    expect(actions).toContain('sandbox.opened');
    expect(actions).not.toContain('transaction.posted');
  });

  it('forgets addresses and user agents, and nothing else', async () => {
    const [before] = await until('&action=transaction.posted', ([first]) => first?.ip !== null);
    await parts.database.query("update audit.request_origins set seen_at = seen_at - interval '91 days'");
    const log = createLogger('silent', 'test');
    const trail = new AuditTrail({ gateway: parts.gateway, sql: parts.database, originDays: 90, log });
    trail.start();
    const [after] = await until('&action=transaction.posted', ([first]) => first?.ip === null);
    await trail.close();
    expect(after).toEqual({ ...before, ip: null, user_agent: null });
    expect(await lines('&ip=127.0.0.1&action=transaction.posted')).toEqual([]);
  });

  it('is exported as NDJSON and as CSV', async () => {
    const text = async (query: string) => {
      const answer = await documentedFetch(`${parts.url}/v1/audit_log/export?${query}`, {
        headers: { authorization: `Bearer ${parts.apiKey}` },
      });
      expect(answer.status).toBe(200);
      return answer.text();
    };
    const listed = await lines();
    const ndjson = (await text('format=ndjson'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    expect(ndjson.map(({ id }) => id).slice(-listed.length)).toEqual(listed.map(({ id }) => id));
    const csv = (await text('format=csv&action=account.opened')).split('\r\n');
    expect(csv[0]).toMatch(/^id,time,actor_type,/);
    expect(csv).toHaveLength(5);
    expect((await ask('/v1/audit_log/export?safe=true')).status).toBe(400);
    expect((await ask('/v1/audit_log/export?format=xml')).status).toBe(400);
  });
});
