import { ReadableStream } from 'node:stream/web';
import { setTimeout as delay } from 'node:timers/promises';
import { documentedFetch } from './support/documented-fetch';
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

const transfer = { debit_account: 'a', credit_account: 'b', amount: '1', currency: 'USD' };
const csv =
  'txn,date,account,amount,unit\nn1,2026-01-02,assets:x,10.00,USD\nn1,2026-01-02,equity:y,-10.00,USD\n';
const columns = 'transaction=txn,date=date,account=account,amount=amount,unit=unit';

/** A body that is sent as its pieces come. */
function bytesOf(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(Buffer.from(next.value));
    },
  });
}

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

  async function newKey(): Promise<Key> {
    const { json } = await send('POST', '/v1/api_keys', { body: { name: 'shop', scopes: ['ledger:*'] } });
    return json as unknown as Key;
  }

  /** Posts again and again; at each answer the load is told. */
  async function post(key: Key, onAnswer: (status: number) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { status } = await send('POST', `${within}/transfers`, { key: key.key, body: transfer });
      onAnswer(status);
    }
  }

  /** One stream of lines, which ends with the signal. */
  async function stream(key: Key, onAnswer: (status: number) => void, signal: AbortSignal): Promise<void> {
    const line = JSON.stringify({
      entries: [
        { account: 'a', direction: 'debit', amount: '1', currency: 'USD' },
        { account: 'b', direction: 'credit', amount: '1', currency: 'USD' },
      ],
    });
    async function* lines(): AsyncGenerator<string> {
      while (!signal.aborted) {
        yield `${line}\n`;
        await delay(20);
      }
    }
    const { body } = await call('POST', `${within}/transactions/bulk`, key.key, lines(), {
      'content-type': 'application/x-ndjson',
      // The read models have not seen the key.
      'ledger-consistency': 'eventual',
    });
    let rest = '';
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      const answers = (rest + Buffer.from(chunk).toString()).split('\n');
      rest = answers.pop() ?? '';
      for (const text of answers) {
        const { status } = JSON.parse(text) as { status?: unknown };
        // Of a problem; a transaction has a word there.
        onAnswer(typeof status === 'number' ? status : 201);
      }
    }
  }

  /** Keeps a key busy in every way, and counts what is answered. */
  function load(key: Key) {
    const ending = new AbortController();
    const counts = { posts: new Map<number, number>(), lines: new Map<number, number>() };
    const count = (of: Map<number, number>) => (status: number) => of.set(status, (of.get(status) ?? 0) + 1);
    const work = [
      ...Array.from({ length: 4 }, () => post(key, count(counts.posts), ending.signal)),
      stream(key, count(counts.lines), ending.signal),
    ];
    const until = async (status: number, times: number): Promise<void> => {
      const isReached = (of: Map<number, number>): boolean => (of.get(status) ?? 0) >= times;
      while (!isReached(counts.posts) || !isReached(counts.lines)) await delay(10);
    };
    const end = async (): Promise<void> => {
      ending.abort();
      await Promise.all(work);
    };
    return { counts, until, end };
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
      const busy = load(key);
      await busy.until(201, 5);
      expect((await revoke(key, `revoke while ${what}`)).status).toBe(200);
      const marked = await mark();
      await busy.until(401, 5);
      await busy.end();
      const all = await actors();
      expect(all.slice(0, marked)).toContain(key.id);
      expect(all.slice(marked)).not.toContain(key.id);
      const statuses = [...busy.counts.posts.keys(), ...busy.counts.lines.keys()];
      expect([201, 401, 503]).toEqual(expect.arrayContaining(statuses));
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

  it('gets no more of a stream of events', async () => {
    const key = await newKey();
    const answer = await call('GET', `${within}/events/stream`, key.key, undefined);
    expect(answer.status).toBe(200);
    const ended = answer.text();
    expect((await revoke(key, 'revoke while it reads')).status).toBe(200);
    const marked = await mark();
    expect(await ended).not.toContain(`id: ${marked}\n`);
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
