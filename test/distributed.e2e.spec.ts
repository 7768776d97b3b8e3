import { recomputeHash } from '@fintech-ledger/envelope';
import { startEventStoreDbServer } from '@fintech-ledger/testing';
import { documentedFetch } from './support/documented-fetch';
import { HttpSpec } from './support/http-spec';
import { PaymentsHttp } from './support/payments/payments-http';
import { LedgerClient } from './support/ledger-client';
import { runDistributed, runStandalone } from './support/running-standalone';
import type { RunningStandalone } from './support/running-standalone';
import { SmallMarketplace } from './support/small-marketplace';

// One suite for every way to run the product: nothing in it knows which one it is.
jest.setTimeout(120_000);

interface RawEvent {
  readonly id: string;
  readonly revision: number;
  readonly type: string;
  readonly data: object;
  readonly metadata: { readonly hash: string; readonly previousHash: string };
}

const modes: readonly (readonly [string, () => Promise<RunningStandalone>])[] = [
  ['embedded', () => runStandalone()],
  ['distributed on Postgres', () => runDistributed({}, '--writers', '2', '--projectors', '2')],
  [
    'distributed on EventStoreDB',
    async () => {
      const server = await startEventStoreDbServer();
      const running = await runDistributed({ EVENT_STORE_URL: server.url }).catch(async (error: unknown) => {
        // An open server would keep the test run from ending.
        await server.close();
        throw error;
      });
      const stop = async (): Promise<void> => {
        try {
          await running.stop();
        } finally {
          await server.close();
        }
      };
      return { ...running, stop };
    },
  ],
];
const tradedBooks: unknown[] = [];

describe.each(modes)('%s', (_, start) => {
  let running: RunningStandalone;
  let client: LedgerClient;
  let shop: SmallMarketplace;

  beforeAll(async () => {
    running = await start();
    client = new LedgerClient(running.url, running.apiKey, 32);
    shop = await SmallMarketplace.open(client);
  });
  afterAll(async () => {
    await client?.close();
    await running?.stop();
  });

  it('books what is traded by many at once, and shows every client its own writes', async () => {
    const position = await shop.trade(300);
    const lines = await shop.trialBalance(position);
    const sum = (column: 1 | 2): bigint => lines.reduce((total, line) => total + BigInt(line[column]), 0n);
    expect(sum(1)).toBe(sum(2));
    expect(sum(1)).toBeGreaterThan(500_000n);
    tradedBooks.push(lines);
    expect(lines).toEqual(tradedBooks[0]);
  });

  it('gives a repeated command its first answer, and refuses what does not fit', async () => {
    const first = await shop.transfer('buyer:1', 'seller', 5, {}, 'once');
    const again = await Promise.all(
      Array.from({ length: 10 }, () => shop.transfer('buyer:1', 'seller', 5, {}, 'once')),
    );
    for (const { status, text, isReplayed } of again)
      expect({ status, text, isReplayed }).toEqual({ ...pick(first), isReplayed: true });
    expect(await shop.transfer('buyer:1', 'seller', 6, {}, 'once')).toMatchObject({ status: 422 });
    expect(await shop.transfer('buyer:1', 'seller', 1_000_000)).toMatchObject({
      status: 422,
      code: 'insufficient_funds',
    });
  });

  it('shows a payer the page of 3-D Secure at the port that it took', async () => {
    const { url, sandboxApiKey: key } = running;
    const sandbox = new PaymentsHttp(new HttpSpec(url, key, ''), key);
    const id = await sandbox.pay('pm_card_threeDSecure2Required', { return_url: 'https://shop.example/' });
    const { next_action: next } = await sandbox.get(`/v1/payments/${id}`);
    const link = (next as { redirect_to_url: { url: string } }).redirect_to_url.url;
    expect(new URL(link).port).toBe(new URL(url).port);
    expect((await documentedFetch(link)).status).toBe(200);
  });

  it('holds, captures and reverses', async () => {
    const hold = await shop.accepted(shop.transfer('buyer:2', 'seller', 50, { pending: true }));
    const captured = await shop.accepted(
      client.post(shop.in(`/transactions/${hold.id}/capture`), { amount: '30' }),
    );
    const bought = await shop.accepted(shop.transfer('buyer:2', 'seller', 20));
    const reversed = await shop.accepted(client.post(shop.in(`/transactions/${bought.id}/reverse`), {}));
    const { status } = await client.get<{ status: string }>(
      shop.in(`/transactions/${hold.id}`),
      captured.position,
    );
    expect(status).toBe('posted');
    const { status: last } = await client.get<{ status: string }>(
      shop.in(`/transactions/${bought.id}`),
      reversed.position,
    );
    expect(last).toBe('posted');
  });

  it('answers a balance from the journal as from the read models, whichever process writes it', async () => {
    const { position, ...journal } = await client.get<{ position: string }>(
      shop.in('/accounts/seller/balance?source=journal'),
    );
    const { position: at, ...model } = await client.get<{ position: string }>(
      shop.in('/accounts/seller/balance'),
      position,
    );
    expect({ at, model }).toEqual({ at: position, model: journal });
  });

  it('keeps a chain of events that anybody can check', async () => {
    let previousHash = '0'.repeat(64);
    let count = 0;
    for await (const event of client.list<RawEvent>(shop.in('/events'))) {
      expect(event.revision).toBe(count);
      expect(event.metadata.previousHash).toBe(previousHash);
      const texts = { data: JSON.stringify(event.data), metadata: JSON.stringify(event.metadata) };
      expect(recomputeHash({ ...event, ...texts, stream: `journal-${shop.ledger}` })).toBe(
        event.metadata.hash,
      );
      previousHash = event.metadata.hash;
      count += 1;
    }
    expect(count).toBeGreaterThan(300);
  });

  it('writes many ledgers at once, each in order', async () => {
    const shops = await Promise.all(Array.from({ length: 8 }, () => SmallMarketplace.open(client)));
    const books = await Promise.all(shops.map(async (one) => one.trialBalance(await one.trade(40))));
    for (const lines of books) expect(lines).toEqual(books[0]);
  });

  it('says that it is well, and that nothing lags', async () => {
    const { data } = await client.get<{ data: { state: string; lag: { events: number | null } }[] }>(
      '/v1/projections',
    );
    expect(data.length).toBeGreaterThan(3);
    for (const { state, lag } of data)
      expect({ state, events: lag.events }).toEqual({ state: 'running', events: 0 });
    expect(await client.get('/health/ready')).toMatchObject({ status: 'ok' });
  });
});

const pick = ({ status, text }: { status: number; text: string }) => ({ status, text });
