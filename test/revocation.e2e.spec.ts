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

  async function newKey(scopes: readonly string[] = ['ledger:*']): Promise<Key> {
    const { json } = await send('POST', '/v1/api_keys', { body: { name: 'shop', scopes } });
    return json as unknown as Key;
  }

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
