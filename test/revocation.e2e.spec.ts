import { postgresKeptAnswers } from '@fintech-ledger/http';
import { setTimeout as delay } from 'node:timers/promises';
import { documentedFetch } from './support/documented-fetch';
import { bytesOf, KeyLoad } from './support/key-load';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(240_000);

interface Key {
  readonly id: string;
  readonly key: string;
}
interface Answer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
}

const claim = '0b0e1f3a-1c5d-4e6f-8a9b-000000000001';
const transfer = { debit_account: 'a', credit_account: 'b', amount: '1', currency: 'USD' };
const csv =
  'txn,date,account,amount,unit\nn1,2026-01-02,assets:x,10.00,USD\nn1,2026-01-02,equity:y,-10.00,USD\n';
const columns = 'transaction=txn,date=date,account=account,amount=amount,unit=unit';

/** Something that one side waits for. */
function signal(): { readonly given: Promise<void>; give(): void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give: () => give() };
}

describe.each(['embedded', 'distributed'] as const)('a revoked key, %s', (mode) => {
  let parts: PartsInProcess;
  let ledger: string;
  let within: string;

  beforeAll(async () => {
    parts = await startParts(mode);
    ledger = String((await send('POST', '/v1/ledgers', { body: { name: 'Books' } })).json['id']);
    within = `/v1/ledgers/${ledger}`;
    for (const address of ['a', 'b'])
      await send('POST', `${within}/accounts`, { body: { address, type: 'asset', currency: 'USD' } });
  });
  afterAll(() => parts.close());

  /** @param sent what is sent, all of it or piece by piece */
  function call(
    method: 'GET' | 'POST',
    path: string,
    key: string,
    sent: string | AsyncIterable<string> | undefined,
    { 'content-type': type, ...headers }: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const body = typeof sent === 'object' ? bytesOf(sent) : sent;
    return documentedFetch(`${parts.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(type === undefined || sent === undefined ? {} : { 'content-type': type }),
        ...headers,
      },
      ...(body === undefined ? {} : { body, duplex: 'half' }),
    } as RequestInit);
  }

  async function send(
    method: 'GET' | 'POST',
    path: string,
    options: {
      readonly key?: string;
      readonly body?: unknown;
      readonly pieces?: AsyncIterable<string>;
      readonly type?: string;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<Answer> {
    const { key = parts.apiKey, body, pieces, type = 'application/json', headers } = options;
    const sent = pieces ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await call(method, path, key, sent, { 'content-type': type, ...headers });
    return { status: answer.status, json: (await answer.json()) as Answer['json'] };
  }

  const revoke = (key: Key, idempotencyKey: string): Promise<Answer> =>
    send('POST', `/v1/api_keys/${key.id}/revoke`, { headers: { 'idempotency-key': idempotencyKey } });

  async function newKey(scopes: readonly string[] = ['ledger:*'], limits: object = {}): Promise<Key> {
    const { json } = await send('POST', '/v1/api_keys', { body: { name: 'shop', scopes, ...limits } });
    return json as unknown as Key;
  }

  /** A key that expires in a moment, and when that is. */
  async function briefKey(lifeMs: number): Promise<Key & { readonly expiresMs: number }> {
    const expiresMs = Date.now() + lifeMs;
    const key = await newKey(['ledger:*'], { expires_at: new Date(expiresMs).toISOString() });
    return { ...key, expiresMs };
  }

  const rotate = async (key: Key, overlapSeconds: number): Promise<Key> => {
    const body = { overlap_seconds: overlapSeconds };
    const { status, json } = await send('POST', `/v1/api_keys/${key.id}/rotate`, { body });
    expect([status, json['id']]).toEqual([200, key.id]);
    return json as unknown as Key;
  };

  /** Who asked for the events of the ledger, by revision. */
  async function actors(): Promise<readonly string[]> {
    const all: string[] = [];
    for (;;) {
      const page = await parts.store.readStream(`journal-${ledger}`, {
        from: all.length as never,
        limit: 5_000,
      });
      if (page.length === 0) return all;
      for (const { metadata } of page) all.push((JSON.parse(metadata) as { actor: string }).actor);
    }
  }

  /** When what this key asked for was recorded. */
  async function recordedMs(keyId: string): Promise<readonly number[]> {
    const all: number[] = [];
    for (let from = 0; ; from += 5_000) {
      const page = await parts.store.readStream(`journal-${ledger}`, { from: from as never, limit: 5_000 });
      if (page.length === 0) return all;
      for (const { metadata } of page) {
        const { actor, recordedAt } = JSON.parse(metadata) as { actor: string; recordedAt: string };
        if (actor === keyId) all.push(Date.parse(recordedAt));
      }
    }
  }

  /** An event of the administrator that was asked for after everything before was answered. */
  async function mark(): Promise<number> {
    const { status, json } = await send('POST', `${within}/transfers`, { body: transfer });
    expect(status).toBe(201);
    return Number(String(json['position']).split('@')[1]);
  }

  const stopped: readonly (readonly [string, (of: PartsInProcess) => Promise<void>])[] = [
    ['nothing', () => Promise.resolve()],
    ['the projector', (of) => of.stopProjector()],
    ['the relay', (of) => of.stopRelay()],
  ];
  it.each(mode === 'embedded' ? stopped.slice(0, 2) : stopped)(
    'books nothing once its revocation is answered, while %s is stopped',
    async (what, stop) => {
      await stop(parts);
      const key = await newKey();
      // In all processes at once: never a 401.
      expect((await send('POST', `${within}/transfers`, { key: key.key, body: transfer })).status).toBe(201);
      const busy = new KeyLoad([parts.url], within, key.key);
      await busy.until(5);
      expect((await revoke(key, `revoke while ${what}`)).status).toBe(200);
      const answeredAt = performance.now();
      const marked = await mark();
      await busy.until(5, answeredAt);
      await busy.end();
      expect(new Set(busy.sentAfter(answeredAt).map(({ status }) => status))).toEqual(new Set([401]));
      const all = await actors();
      expect(all.slice(0, marked)).toContain(key.id);
      expect(all.slice(marked)).not.toContain(key.id);
      expect([201, 401, 503]).toEqual(expect.arrayContaining([...busy.statuses]));
      if (what === 'the projector') parts.startProjector();
      if (what === 'the relay') parts.startRelay();
    },
  );

  it('books nothing of a body or a file that it began to send before', async () => {
    const key = await newKey();
    const [released, isSent] = [signal(), signal()];
    let begun = 0;
    async function* halves(text: string): AsyncGenerator<string> {
      yield text.slice(0, 20);
      begun += 1;
      if (begun === 2) isSent.give();
      await released.given;
      yield text.slice(20);
    }
    const late = Promise.all([
      send('POST', `${within}/transfers`, { key: key.key, pieces: halves(JSON.stringify(transfer)) }),
      send('POST', `${within}/imports?columns=${columns}`, {
        key: key.key,
        pieces: halves(csv),
        type: 'text/csv',
      }),
    ]);
    await isSent.given;
    expect((await revoke(key, 'revoke while it sends')).status).toBe(200);
    released.give();
    for (const { status, json } of await late)
      expect({ status, code: json['code'] }).toEqual({ status: 401, code: 'unauthenticated' });
    expect(await actors()).not.toContain(key.id);
  });

  it('does nothing, and reads nothing, that waited for a request with its idempotency key', async () => {
    const endpoint = await send('POST', '/v1/webhook_endpoints', {
      body: { url: 'https://example.com/hook', event_types: ['*'], ordering: 'none' },
    });
    const organization = String(endpoint.json['position']).split('@')[0] ?? '';
    const key = await newKey(['ledger:*', 'webhooks:*']);
    const kept = postgresKeptAnswers(parts.database);
    const of = (scope: string) => ({ scope, key: 'one', requestHash: 'ab'.repeat(32), requestId: 'req_1' });
    const asked = [
      { of: of(organization), path: `/v1/webhook_endpoints/${String(endpoint.json['id'])}/replays` },
      { of: of(`${organization}/${ledger}`), path: `${within}/imports?columns=${columns}` },
    ] as const;
    for (const one of asked) expect(await kept.claim(one.of, claim)).toEqual({ kind: 'claimed' });
    const headers = { 'idempotency-key': 'one' };
    const late = Promise.all([
      send('POST', asked[0].path, { key: key.key, body: {}, headers }),
      call('POST', asked[1].path, key.key, csv, { 'content-type': 'text/csv', ...headers }),
    ]);
    await delay(500);
    expect((await revoke(key, 'revoke while it waits')).status).toBe(200);
    await kept.giveUp(asked[0].of, claim);
    await kept.keep(asked[1].of, claim, { status: 200, body: '{"position":"what the first one had"}' });
    const [replayed, imported] = await late;
    expect([replayed.status, replayed.json['code']]).toEqual([401, 'unauthenticated']);
    expect([imported.status, await imported.text()]).toEqual([401, expect.not.stringContaining('position')]);
    // The idempotency key is free for who has another API key.
    expect((await send('POST', asked[0].path, { body: {}, headers })).status).toBe(201);
  });

  it('gets no more of a stream of events', async () => {
    const key = await newKey();
    const answer = await call('GET', `${within}/events/stream`, key.key, undefined);
    expect(answer.status).toBe(200);
    const ended = answer.text();
    expect((await revoke(key, 'revoke while it reads')).status).toBe(200);
    const marked = await mark();
    expect(await ended).not.toContain(`id: ${marked}\n`);
  });

  it('gets no more of an export that it began before', async () => {
    const { json } = await send('POST', '/v1/ledgers', { body: { name: 'Much' } });
    const much = `/v1/ledgers/${String(json['id'])}`;
    for (const address of ['a', 'b'])
      await send('POST', `${much}/accounts`, { body: { address, type: 'asset', currency: 'USD' } });
    const filler = 'x'.repeat(500);
    const metadata = Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`m${n}`, filler]));
    const transactions = Array<unknown>(2_500).fill({
      entries: [
        { account: 'a', direction: 'debit', amount: '1', currency: 'USD' },
        { account: 'b', direction: 'credit', amount: '1', currency: 'USD' },
      ],
      metadata,
    });
    // More than the connection keeps of what nobody reads.
    for (let bulks = 0; bulks < 2; bulks += 1)
      expect(
        (await send('POST', `${much}/transactions/bulk`, { body: { atomic: false, transactions } })).status,
      ).toBe(201);
    const key = await newKey();
    let answer = await call('GET', `${much}/export`, key.key, undefined);
    // The read models have much to do.
    for (; answer.status === 503; answer = await call('GET', `${much}/export`, key.key, undefined))
      await delay(200);
    expect(answer.status).toBe(200);
    const reader = answer.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    expect((await revoke(key, 'revoke while it exports')).status).toBe(200);
    const rest = async (): Promise<void> => {
      while ((await reader?.read())?.done === false);
    };
    await expect(rest()).rejects.toThrow();
    const whole = await (await call('GET', `${much}/export`, parts.apiKey, undefined)).text();
    expect(whole.length).toBeGreaterThan(15_000_000);
  });

  it('books nothing from when it expires on, of requests, lines, a body and a file that it began before', async () => {
    const key = await briefKey(3_000);
    const busy = new KeyLoad([parts.url], within, key.key);
    const expired = signal();
    async function* halves(text: string): AsyncGenerator<string> {
      yield text.slice(0, 20);
      await expired.given;
      yield text.slice(20);
    }
    const late = [
      send('POST', `${within}/transfers`, { key: key.key, pieces: halves(JSON.stringify(transfer)) }),
      send('POST', `${within}/imports?columns=${columns}`, {
        key: key.key,
        pieces: halves(csv),
        type: 'text/csv',
      }),
    ];
    await busy.until(5);
    await delay(key.expiresMs - Date.now() + 1);
    const expiredAt = performance.now();
    expired.give();
    await busy.until(5, expiredAt);
    await busy.end();
    expect(busy.statuses).toContain(201);
    expect(new Set(busy.sentAfter(expiredAt).map(({ status }) => status))).toEqual(new Set([401]));
    for (const { status, json } of await Promise.all(late))
      expect({ status, code: json['code'] }).toEqual({ status: 401, code: 'unauthenticated' });
    const { json } = await send('GET', '/v1/ledgers', { key: key.key });
    expect(json['detail']).toBe('The API key has expired.');
    const recorded = await recordedMs(key.id);
    expect(recorded.length).toBeGreaterThan(0);
    expect(Math.max(...recorded)).toBeLessThan(key.expiresMs);
  });

  it('gets no more of a stream of events once it has expired, and of an old secret once that is replaced', async () => {
    const [brief, replaced] = [await briefKey(1_500), await newKey()];
    const streams = [brief, replaced].map(({ key }) =>
      call('GET', `${within}/events/stream`, key, undefined),
    );
    const ended = await Promise.all(streams.map(async (answer) => ({ text: (await answer).text() })));
    await rotate(replaced, 0);
    await delay(Math.max(0, brief.expiresMs - Date.now() + 1_000));
    const marked = await mark();
    for (const { text } of ended) expect(await text).not.toContain(`id: ${marked}\n`);
  });

  it('opens with its new secret at once, and with the old one for as long as it was told', async () => {
    const old = await newKey();
    const post = (key: string): Promise<Answer> =>
      send('POST', `${within}/transfers`, { key, body: transfer });
    expect((await post(old.key)).status).toBe(201);
    const second = await rotate(old, 3_600);
    expect(second.key).not.toBe(old.key);
    expect([(await post(second.key)).status, (await post(old.key)).status]).toEqual([201, 201]);
    const busy = new KeyLoad([parts.url], within, old.key);
    await busy.until(5);
    const third = await rotate(second, 0);
    const answeredAt = performance.now();
    const marked = await mark();
    await busy.until(5, answeredAt);
    await busy.end();
    expect(new Set(busy.sentAfter(answeredAt).map(({ status }) => status))).toEqual(new Set([401]));
    expect([(await post(second.key)).status, (await post(third.key)).status]).toEqual([401, 201]);
    // All of them are of one key: what it did afterwards it did with the newest.
    expect((await actors()).slice(marked).filter((actor) => actor === third.id)).toHaveLength(1);
    const { json } = await send('GET', '/v1/api_keys?limit=100');
    expect((json['data'] as readonly { id: string }[]).find(({ id }) => id === old.id)).toMatchObject({
      ...{ secret_version: 3, previous_secret_until: null, expires_at: null, allowed_ips: null },
      ...{ last4: third.key.slice(-4), revoked_at: null },
    });
  });

  it('ends with a short overlap, in requests that went on until then', async () => {
    const old = await newKey();
    const busy = new KeyLoad([parts.url], within, old.key);
    await busy.until(5);
    const beganMs = Date.now();
    await rotate(old, 2);
    await delay(2_500 - (Date.now() - beganMs));
    const endedAt = performance.now();
    const marked = await mark();
    await busy.until(5, endedAt);
    await busy.end();
    expect(new Set(busy.sentAfter(endedAt).map(({ status }) => status))).toEqual(new Set([401]));
    expect((await actors()).slice(marked)).not.toContain(old.id);
  });

  it('says in the list when it was used last, of whichever secret', async () => {
    const key = await newKey();
    const lastUse = async (): Promise<unknown> => {
      const { json } = await send('GET', '/v1/api_keys?limit=100');
      return (json['data'] as readonly Record<string, unknown>[]).find(({ id }) => id === key.id)?.[
        'last_used_at'
      ];
    };
    expect(await lastUse()).toBeNull();
    const before = Date.now();
    const { key: newest } = await rotate(key, 60);
    expect(await lastUse()).toBeNull();
    await send('GET', '/v1/ledgers', { key: newest });
    const used = String(await lastUse());
    expect(Date.parse(used)).toBeGreaterThanOrEqual(before);
    // A request that is refused for want of scopes was let in as well.
    await delay(5);
    expect((await send('GET', '/v1/api_keys', { key: key.key })).status).toBe(403);
    expect(Date.parse(String(await lastUse()))).toBeGreaterThan(Date.parse(used));
  });

  it('is rotated once under an idempotency key, and shown once', async () => {
    const key = await newKey();
    const headers = { 'idempotency-key': `rotate ${key.id}` };
    const path = `/v1/api_keys/${key.id}/rotate`;
    const answers = await Promise.all([1, 2, 3].map(() => send('POST', path, { headers })));
    const shown = answers.filter(({ json }) => typeof json['key'] === 'string');
    expect([answers.map(({ status }) => status), shown.length]).toEqual([[200, 200, 200], 1]);
    const { key: _key, ...first } = shown[0]?.json ?? {};
    const replayed = await send('POST', path, { headers });
    expect(replayed.json).toEqual({ ...first, key: null, secret_shown: true });
    const used = await send('POST', `${within}/transfers`, { key: String(_key), body: transfer });
    expect(used.status).toBe(201);
  });

  it('is refused with all other commands while the event store is stopped, and reads go on', async () => {
    const key = await newKey();
    const read = (): Promise<Answer> =>
      send('GET', '/v1/ledgers', { key: key.key, headers: { 'ledger-consistency': 'eventual' } });
    expect((await read()).status).toBe(200);
    parts.storeProxy.set('down');
    const isAnswered = (await revoke(key, 'revoke while the store is stopped')).status;
    expect(isAnswered).toBe(503);
    expect((await send('POST', `${within}/transfers`, { key: key.key, body: transfer })).status).toBe(503);
    expect((await read()).status).toBe(200);
    parts.storeProxy.set('none');
    for (;;) {
      const { status } = await revoke(key, 'revoke while the store is stopped');
      if (status === 200) break;
      expect(status).toBe(503);
      await delay(100);
    }
    expect((await send('POST', `${within}/transfers`, { key: key.key, body: transfer })).status).toBe(401);
    expect((await read()).status).toBe(401);
  });
});
