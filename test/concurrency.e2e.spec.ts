import { LedgerClient } from './support/ledger-client';
import type { Reply } from './support/ledger-client';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

jest.setTimeout(120_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let standalone: StandaloneProcess;
let client: LedgerClient;
let ledger: string;

async function start(): Promise<void> {
  standalone = await startStandaloneProcess({ dataFolder: folder.path });
  // 200 clients are 200 connections.
  client = new LedgerClient(standalone.url, standalone.apiKey, 200);
}

async function stop(): Promise<void> {
  await client.close();
  expect(await standalone.stop()).toBe(0);
}

beforeAll(async () => {
  buildStandalone();
  folder = await temporaryFolder();
  await start();
  ledger = (await client.accepted<{ id: string }>('/v1/ledgers', { name: 'concurrency' })).id;
});

afterAll(async () => {
  await client?.close();
  await standalone?.stop();
  await folder?.remove();
});

const inLedger = (path: string): string => `/v1/ledgers/${ledger}${path}`;

async function open(address: string, terms: object = {}): Promise<void> {
  await client.accepted(inLedger('/accounts'), { address, type: 'liability', currency: 'USD', ...terms });
}

const transfer = (from: string, to: string, amount: number): object => ({
  debit_account: from,
  credit_account: to,
  amount: String(amount),
  currency: 'USD',
});

/** An account that can spend just so much, and one that takes it. */
async function purse(name: string, funds: number): Promise<{ from: string; to: string }> {
  const [source, from, to] = [`${name}:source`, `${name}:purse`, `${name}:shop`];
  await open(source);
  await open(from, { min_balance: '0' });
  await open(to);
  await client.accepted(inLedger('/transfers'), transfer(source, from, funds));
  return { from, to };
}

const accepted = (replies: readonly Reply[]): readonly Reply[] =>
  replies.filter(({ status }) => status === 201);

interface Event {
  readonly revision: number;
  readonly metadata: { readonly idempotencyKey?: string };
}

async function eventsOfKey(key: string): Promise<number> {
  let found = 0;
  for await (const event of client.list<Event>(inLedger('/events'))) {
    if (event.metadata.idempotencyKey === key) found += 1;
  }
  return found;
}

describe('200 clients at once', () => {
  it.each([
    [1, 37],
    [7, 1_000],
    [250, 9_999],
    [1_000, 1_000],
    [5, 100_000],
  ])(
    'spend an account down to its bound, %i at a time of %i: as many succeed as fit',
    async (amount, funds) => {
      const { from, to } = await purse(`spend-${amount}`, funds);
      const replies = await Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          client.post(inLedger('/transfers'), transfer(from, to, amount), `spend-${amount}-${i}`),
        ),
      );
      const fit = Math.min(200, Math.floor(funds / amount));
      expect(accepted(replies)).toHaveLength(fit);
      const refused = replies.filter(({ status }) => status !== 201);
      expect(refused.every(({ status, code }) => status === 422 && code === 'insufficient_funds')).toBe(true);
      const last = accepted(replies)
        .map(({ text }) => (JSON.parse(text) as { position: string }).position)
        .sort((a, b) => Number(a.split('@')[1]) - Number(b.split('@')[1]))
        .at(-1);
      const balance = await client.get<{ available: string }>(inLedger(`/accounts/${from}/balance`), last);
      expect(balance.available).toBe(String(funds - fit * amount));
    },
  );

  it('spend with mixed amounts: never below the bound, and every refusal was one that did not fit', async () => {
    const { from, to } = await purse('mixed', 5_000);
    const amounts = Array.from({ length: 200 }, (_, i) => 1 + ((i * 37) % 97));
    const replies = await Promise.all(
      amounts.map((amount) => client.post(inLedger('/transfers'), transfer(from, to, amount))),
    );
    const spent = amounts.reduce((sum, amount, i) => sum + (replies[i]?.status === 201 ? amount : 0), 0);
    const smallestRefused = Math.min(...amounts.filter((_, i) => replies[i]?.status !== 201));
    expect(spent).toBeLessThanOrEqual(5_000);
    expect(5_000 - spent).toBeLessThan(smallestRefused);
  });
});

describe('one idempotency key', () => {
  const key = 'the-same-key';
  let first: string;

  it('sent 50 times at once has one effect and 50 equal answers, 49 of them marked as replayed', async () => {
    const { from, to } = await purse('once', 1_000);
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => client.post(inLedger('/transfers'), transfer(from, to, 10), key)),
    );
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    expect(replies.every(({ status }) => status === 201)).toBe(true);
    expect(replies.filter(({ isReplayed }) => isReplayed)).toHaveLength(49);
    expect(await eventsOfKey(key)).toBe(1);
    first = replies[0]?.text ?? '';
  });

  it('is refused with another body, also for 50 at once, and leaves no trace', async () => {
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        client.post(inLedger('/transfers'), transfer('once:purse', 'once:shop', 11 + i), key),
      ),
    );
    for (const { status, code } of replies) {
      expect([status, code]).toEqual([422, 'idempotency_key_reused']);
    }
    expect(await eventsOfKey(key)).toBe(1);
  });

  it('gives one of two different bodies that race the effect, and refuses the other', async () => {
    const { from, to } = await purse('race', 1_000);
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        client.post(inLedger('/transfers'), transfer(from, to, 1 + (i % 2)), 'race'),
      ),
    );
    expect(accepted(replies)).toHaveLength(20);
    expect(new Set(accepted(replies).map(({ text }) => text)).size).toBe(1);
    expect(replies.filter(({ code }) => code === 'idempotency_key_reused')).toHaveLength(20);
    expect(await eventsOfKey('race')).toBe(1);
  });

  it.each(['atomic', 'not-atomic'])('makes a bulk (%s) idempotent as a whole', async (kind) => {
    const { from, to } = await purse(`bulk-${kind}`, 100);
    const entries = (amount: number) => [
      { account: from, direction: 'debit', amount: String(amount), currency: 'USD' },
      { account: to, direction: 'credit', amount: String(amount), currency: 'USD' },
    ];
    const body = {
      atomic: kind === 'atomic',
      // Not atomic: the third does not fit, and stays refused in every replay.
      transactions: (kind === 'atomic' ? [40, 30, 20] : [40, 30, 60, 20]).map((amount) => ({
        entries: entries(amount),
      })),
    };
    const bulk = (): Promise<Reply> => client.post(inLedger('/transactions/bulk'), body, `bulk-${kind}`);
    const replies = await Promise.all(Array.from({ length: 20 }, bulk));
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    expect(replies.filter(({ isReplayed }) => isReplayed)).toHaveLength(19);
    expect(await eventsOfKey(`bulk-${kind}`)).toBe(3);
    // What was refused then would fit now; the answer is still the first one.
    await client.accepted(inLedger('/transfers'), transfer(to, from, 90));
    expect((await bulk()).text).toBe(replies[0]?.text);
    expect(await eventsOfKey(`bulk-${kind}`)).toBe(3);
  });

  it('is known after a restart: 50 more times the first answer, byte for byte', async () => {
    await stop();
    await start();
    const replies = await Promise.all(
      Array.from({ length: 50 }, () =>
        client.post(inLedger('/transfers'), transfer('once:purse', 'once:shop', 10), key),
      ),
    );
    expect(new Set(replies.map(({ text }) => text))).toEqual(new Set([first]));
    expect(replies.filter(({ isReplayed }) => isReplayed)).toHaveLength(50);
    const other = await client.post(inLedger('/transfers'), transfer('once:purse', 'once:shop', 11), key);
    expect([other.status, other.code]).toEqual([422, 'idempotency_key_reused']);
    expect(await eventsOfKey(key)).toBe(1);
  });
});
