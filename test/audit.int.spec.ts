import { createPublicKey, hash, verify } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { documentedFetch } from './support/documented-fetch';
import { HttpSpec } from './support/http-spec';
import type { HttpAnswer } from './support/http-spec';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(180_000);

interface Head {
  readonly ledger: string;
  readonly size: number;
  readonly root: string;
  readonly time: string;
  readonly key_id: string;
  readonly signature: string;
}
interface Key {
  readonly key_id: string;
  readonly public_key: string;
  readonly retired_at: string | null;
}

const node = (...parts: readonly Buffer[]): Buffer =>
  Buffer.from(hash('sha256', Buffer.concat(parts), 'hex'), 'hex');
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

/** RFC 9162, 2.1.3.2. */
function rootOf(leaf: string, index: number, size: number, path: readonly string[]): string {
  let [fn, sn] = [index, size - 1];
  let r = node(Buffer.from([0]), bytes(leaf));
  for (const p of path.map(bytes)) {
    if (sn === 0) return 'too long';
    if (fn % 2 === 1 || fn === sn) {
      r = node(Buffer.from([1]), p, r);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else r = node(Buffer.from([1]), r, p);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 ? r.toString('hex') : 'too short';
}

function isSignedBy(head: Head, key: Key | undefined): boolean {
  const { ledger, root, size, time, signature } = head;
  // In the order of their names: canonical as it is.
  const signed = Buffer.from(JSON.stringify({ ledger, root, size, time }));
  const raw = Buffer.from(key?.public_key ?? '', 'base64');
  const der = Buffer.concat([bytes('302a300506032b6570032100'), raw]);
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return verify(null, signed, publicKey, Buffer.from(signature, 'base64'));
}

describe.each(['embedded', 'distributed'] as const)('audits of the %s product', (mode) => {
  let parts: PartsInProcess;
  let http: HttpSpec;
  let ledger = '';

  const made = async (path: string, body: object = {}) =>
    (await http.when({ path, body }).thenAccepted()).json;
  const within = (path: string): string => `/v1/ledgers/${ledger}${path}`;
  /** A busy machine may need more than the second that a query waits, and then it is told to come again. */
  const ask = async (path: string): Promise<HttpAnswer> => {
    let answer = await http.send({ method: 'GET', path });
    for (let n = 0; answer.status === 503 && n < 50; n += 1) {
      await delay(100);
      answer = await http.send({ method: 'GET', path });
    }
    return answer;
  };
  const get = async <T>(path: string): Promise<T> => {
    const { status, json } = await ask(path);
    expect([status, json]).toEqual([200, json]);
    return json as unknown as T;
  };
  const head = () => get<Head>(within('/audit/head'));
  const keys = async () => (await get<{ data: readonly Key[] }>('/v1/audit/keys')).data;

  beforeAll(async () => {
    parts = await startParts(mode);
    http = new HttpSpec(parts.url, parts.apiKey, '');
    ledger = String((await made('/v1/ledgers', { name: 'books' }))['id']);
  });
  afterAll(() => parts?.close());

  it('begin with the head of a tree without leaves', async () => {
    const first = await head();
    expect(first).toMatchObject({ ledger, size: 0, root: hash('sha256', '', 'hex') });
    expect(isSignedBy(first, (await keys())[0])).toBe(true);
  });

  it('sign all that was acknowledged, and prove that each event is in the tree', async () => {
    for (let n = 0; n < 40; n += 1)
      await made(within('/accounts'), { address: `a:${n}`, type: 'asset', currency: 'USD' });
    const { headers } = await ask(within('/audit/head'));
    expect(headers['ledger-position']).toBe(`${ledger}@39`);
    const signed = await head();
    expect(signed.size).toBe(40);
    expect(isSignedBy(signed, (await keys())[0])).toBe(true);
    expect(isSignedBy({ ...signed, size: 39 }, (await keys())[0])).toBe(false);
    const { data: events } = await get<{ data: readonly { hash: string }[] }>(within('/events?limit=40'));
    for (const [revision, event] of events.entries()) {
      const proof = await get<{ leaf: string; path: string[] }>(within(`/audit/proof?revision=${revision}`));
      expect(proof.leaf).toBe(event.hash);
      expect(rootOf(proof.leaf, revision, 40, proof.path)).toBe(signed.root);
    }
    const older = await get<{ leaf: string; path: string[] }>(within('/audit/proof?revision=0&size=33'));
    const { path } = await get<{ path: string[] }>(within('/audit/consistency?from=33'));
    const [first = '', ...rest] = path;
    // 33 leaves are 32 and one: the path begins with that one.
    const left = rest.at(-1) ?? '';
    expect(node(Buffer.from([1]), bytes(left), bytes(first)).toString('hex')).toBe(
      rootOf(older.leaf, 0, 33, older.path),
    );
  });

  it('refuse proofs of what is not in the tree', async () => {
    for (const [path, param] of [
      ['/audit/proof?revision=40', '/revision'],
      ['/audit/proof?revision=3&size=3', '/revision'],
      ['/audit/proof?revision=3&size=41', '/size'],
      ['/audit/consistency?from=3&to=2', '/from'],
      ['/audit/consistency?from=41', '/from'],
      ['/audit/consistency?from=3&to=41', '/to'],
    ] as const)
      await http.when({ method: 'GET', path: within(path) }).thenRefused(422, 'not_in_tree', { param });
    for (const path of ['/audit/proof', '/audit/proof?revision=x', '/audit/consistency?from=-1'])
      expect((await http.send({ method: 'GET', path: within(path) })).status).toBe(400);
  });

  it('go on under a new key, and the one before still checks what it signed', async () => {
    const before = await head();
    const { key_id } = await made('/v1/audit/keys');
    const after = await head();
    expect(after.key_id).toBe(key_id);
    const [newest, older] = await keys();
    expect([newest, older]).toMatchObject([{ retired_at: null }, { key_id: before.key_id }]);
    expect(older?.retired_at).not.toBeNull();
    expect([isSignedBy(after, newest), isSignedBy(before, older)]).toEqual([true, true]);
    expect(isSignedBy(after, older)).toBe(false);
    const first = await get<Record<string, unknown>>('/v1/audit/keys?limit=1');
    expect(first).toMatchObject({ data: [newest], has_more: true });
    const next = await get<Record<string, unknown>>(
      `/v1/audit/keys?limit=1&cursor=${String(first['next_cursor'])}`,
    );
    expect(next).toEqual({ data: [older], has_more: false, next_cursor: null });
    await http.when({ method: 'GET', path: '/v1/audit/keys?cursor=x' }).thenRefused(400, 'invalid_cursor');
  });

  it('prove an export, which an import checks and skips', async () => {
    const exported = async () => {
      const headers = { authorization: `Bearer ${parts.apiKey}` };
      return (await documentedFetch(`${parts.url}${within('/export?format=ndjson')}`, { headers })).text();
    };
    const text = await exported();
    const last = JSON.parse(text.trimEnd().split('\n').at(-1) ?? '') as { head: Head; lines_sha256: string };
    expect(last).toMatchObject({ object: 'proof_bundle', head: { ledger, size: 40 } });
    expect(isSignedBy(last.head, (await keys())[0])).toBe(true);
    const before = text.slice(0, text.trimEnd().lastIndexOf('\n') + 1);
    expect(last.lines_sha256).toBe(hash('sha256', before, 'hex'));

    const lastLine = text.trimEnd().length - before.length;
    const target = String((await made('/v1/ledgers', { name: 'copy' }))['id']);
    const path = `/v1/ledgers/${target}/imports`;
    const headers = { 'content-type': 'application/x-ndjson' };
    for (const edited of [
      text.replace('"a:7"', '"a:x"'),
      text.replace(/\n[^\n]+/, ''),
      text.replace('"signature":"', '"signature":"AAAA'),
      text.replace(/"size":\d+/, '"size":1'),
      // The bundle cut: by a character, in the middle, and so that its beginning is there.
      ...[1, 100, lastLine - 12].map((cut) => text.trimEnd().slice(0, -cut)),
      `${text}{"object":"unit","code":"X","exponent":0,"name":"x"}\n`,
    ]) {
      const refused = await http.send({ path, body: edited, headers });
      expect([refused.status, refused.json['code']]).toEqual([422, 'proof_bundle_invalid']);
    }
    expect((await get<{ data: unknown[] }>(`/v1/ledgers/${target}/accounts`)).data).toEqual([]);
    // A key of another installation is not judged.
    const foreign = text.replaceAll(/"key_id":"[^"]+"/g, '"key_id":"adk_of_another"');
    const taken = await http.send({ path, body: foreign, headers });
    expect([taken.status, taken.json]).toMatchObject([200, { errors: [] }]);
    const { data: copied } = await get<{ data: unknown[] }>(`/v1/ledgers/${target}/accounts?limit=100`);
    expect(copied).toHaveLength(40);
    const again = await http.send({ path, body: text, headers });
    expect([again.status, again.json]).toMatchObject([200, { errors: [] }]);
  });

  it('replay an account: at each position what the projections are there', async () => {
    for (const address of ['x', 'y']) {
      await made(within('/accounts'), { address, type: 'asset', currency: 'USD' });
    }
    const move = { debit_account: 'x', credit_account: 'y', amount: '100', currency: 'USD' };
    await made(within('/transfers'), { ...move, effective_at: '2020-01-01T00:00:00Z' });
    const hold = String((await made(within('/transfers'), { ...move, pending: true }))['id']);
    await made(within(`/transactions/${hold}/capture`), { amount: '60', final: false });
    await made(within(`/transactions/${hold}/void`));
    const { id } = await made(within('/transfers'), move);
    await made(within(`/transactions/${String(id)}/reverse`), { amount: '40' });
    await made(within('/accounts/x/freeze'));
    interface Step {
      readonly event: { readonly type: string };
      readonly position: string;
      readonly recorded_at: string;
      readonly actor: string;
      readonly entries: readonly object[];
      readonly balance: object | null;
    }
    const steps: Step[] = [];
    for (let cursor = ''; ;) {
      const path = within(`/accounts/x/replay?limit=3${cursor}`);
      const page = await get<{ data: readonly Step[]; next_cursor: string | null }>(path);
      steps.push(...page.data);
      if (page.next_cursor === null) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
    expect(steps.map(({ event }) => event.type)).toEqual([
      ...['AccountOpened', 'TransactionPosted', 'HoldPlaced', 'HoldCaptured', 'HoldVoided'],
      ...['TransactionPosted', 'TransactionReversed', 'AccountFrozen'],
    ]);
    for (const { position, balance, actor } of steps) {
      expect(actor).toMatch(/^key_/);
      if (balance === null) continue;
      const path = within(`/accounts/x/balance?as_of=${encodeURIComponent(position)}`);
      expect(await get<object>(path)).toMatchObject(balance);
    }
    const third = steps[2] as Step;
    const until = async (moment: string) =>
      (await get<{ data: readonly Step[] }>(within(`/accounts/x/replay?as_of=${encodeURIComponent(moment)}`)))
        .data;
    expect(await until(third.position)).toEqual(steps.slice(0, 3));
    const before = (await until(third.recorded_at)).length;
    expect(steps.slice(0, before).every((step) => step.recorded_at <= third.recorded_at)).toBe(true);
    expect(before).toBeGreaterThanOrEqual(3);
    for (const revision of [Number.MAX_SAFE_INTEGER, -1, 1.5]) {
      const cursor = Buffer.from(JSON.stringify(['replay', revision])).toString('base64url');
      const path = within(`/accounts/x/replay?cursor=${cursor}`);
      await http.when({ method: 'GET', path }).thenRefused(400, 'invalid_cursor');
    }
    const nothing = within('/accounts/none/replay');
    await http.when({ method: 'GET', path: nothing }).thenRefused(404, 'account_not_found');
    const early = within(`/accounts/x/replay?as_of=${encodeURIComponent(`${ledger}@3`)}`);
    await http.when({ method: 'GET', path: early }).thenRefused(404, 'account_not_found');
  });

  it('state what was posted in a period, which adds up on both axes', async () => {
    interface Statement {
      readonly from: string;
      readonly opening_balance: { readonly balance: string };
      readonly closing_balance: { readonly balance: string };
      readonly entries: readonly {
        readonly direction: string;
        readonly amount: string;
        readonly balance: string;
      }[];
    }
    const of = (query: string) => get<Statement>(within(`/accounts/x/statements${query}`));
    const all = await of('');
    expect(all).toMatchObject({ from: '2020-01-01T00:00:00.000Z', opening_balance: { balance: '0' } });
    expect(all.entries.map(({ direction, amount, balance }) => [direction, amount, balance])).toEqual([
      ...[
        ['debit', '100', '100'],
        ['debit', '60', '160'],
        ['debit', '100', '260'],
        ['credit', '40', '220'],
      ],
    ]);
    expect(all.closing_balance.balance).toBe('220');
    const later = await of('?from=2025-01-01T00:00:00Z');
    expect([later.opening_balance.balance, later.entries.length]).toEqual(['100', 3]);
    const recorded = await of('?from=2025-01-01T00:00:00Z&axis=recorded');
    expect([recorded.opening_balance.balance, recorded.entries.length]).toEqual(['0', 4]);
    const early = await of('?to=2025-01-01T00:00:00Z');
    expect([early.closing_balance.balance, early.entries.length]).toEqual(['100', 1]);
    expect((await of('?to=2019-01-01T00:00:00Z')).entries).toEqual([]);

    const headers = { authorization: `Bearer ${parts.apiKey}` };
    const csv = await documentedFetch(`${parts.url}${within('/accounts/x/statements?format=csv')}`, {
      headers,
    });
    expect((await csv.text()).trimEnd().split('\r\n')).toHaveLength(7);
    const refused = (query: string, status: number, code: string, more: object = {}) =>
      http.when({ method: 'GET', path: within(`/accounts/${query}`) }).thenRefused(status, code, more);
    await refused('x/statements?to=2999-01-01T00:00:00Z', 422, 'period_not_over', { param: '/to' });
    await refused('x/statements?from=2021-01-01T00:00:00Z&to=2020-01-01T00:00:00Z', 400, 'invalid_parameter');
    await refused('x/statements?format=pdf', 400, 'invalid_parameter');
    await refused('none/statements', 404, 'account_not_found');
  });

  it('are for keys with audit:read, of their own organization', async () => {
    const { key: apiKey } = await made('/v1/api_keys', { name: 'x', scopes: ['ledger:*'] });
    const sent = { method: 'GET', path: within('/audit/head'), apiKey: String(apiKey) } as const;
    await http.when(sent).thenRefused(403, 'missing_scope');
    const { api_key: sandboxKey } = await made('/v1/sandboxes', { name: 'x' });
    await http.when({ ...sent, apiKey: String(sandboxKey) }).thenRefused(404, 'ledger_not_found');
  });
});
