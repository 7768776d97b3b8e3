import { startEventStoreDbServer, testDatabase } from '@fintech-ledger/testing';
import type { EventStoreDbServer, TestDatabase } from '@fintech-ledger/testing';
import { LedgerClient } from './support/ledger-client';
import type { Reply } from './support/ledger-client';
import { until } from './support/readiness';
import { positionOf, SmallLedger } from './support/small-ledger';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

jest.setTimeout(180_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: TestDatabase;
let server: EventStoreDbServer;
let standalone: StandaloneProcess;
let client: LedgerClient;

beforeAll(async () => {
  buildStandalone();
  [folder, database, server] = await Promise.all([
    temporaryFolder(),
    testDatabase(),
    startEventStoreDbServer({}),
  ]);
  standalone = await startStandaloneProcess({
    dataFolder: folder.path,
    environment: { DATABASE_URL: database.url, EVENT_STORE_URL: server.url },
  });
  client = new LedgerClient(standalone.url, standalone.apiKey, 16, 60_000);
});
afterAll(async () => {
  await client?.close();
  await standalone?.stop();
  await server?.close();
  await database?.drop();
  await folder?.remove();
});

/** More than four times what the server takes at once. */
const count = 3_000;
const transactions = Array.from({ length: count }, () => ({
  entries: [
    { account: 'a', direction: 'debit', amount: '1', currency: 'USD' },
    { account: 'b', direction: 'credit', amount: '1', currency: 'USD' },
  ],
}));

/** What the store has of a ledger. */
const storedOf = (ledger: SmallLedger) =>
  server.log.records.filter(({ stream }) => stream.endsWith(ledger.stream));

/** Sends the bulk to a store that takes its first part and no other one. */
async function stoppedBehindOnePart(ledger: SmallLedger, key?: string): Promise<Reply> {
  const before = storedOf(ledger).length;
  const unwatch = server.log.watch(() => {
    if (storedOf(ledger).length === before) return;
    unwatch();
    server.faults.inject('crash_before_commit', 1_000);
  });
  const reply = await client.post(ledger.path('transactions/bulk'), { atomic: false, transactions }, key);
  server.faults.clear();
  return reply;
}

it.each([undefined, 'a key'])(
  'a bulk that stops between two parts says what was booked (key: %s)',
  async (key) => {
    const ledger = await SmallLedger.open(client, `ledger ${key}`);
    const accounts = storedOf(ledger).length;
    const reply = await stoppedBehindOnePart(ledger, key);
    const stored = storedOf(ledger);
    const booked = stored.length - accounts;
    expect(booked).toBeGreaterThan(0);
    expect(booked).toBeLessThan(count);
    expect({ status: reply.status, ...(JSON.parse(reply.text) as object) }).toMatchObject({
      status: 503,
      code: 'outcome_unknown',
      position: `${ledger.id}@${stored.at(-1)?.revision}`,
    });
    await until('it books again', async () => (await ledger.transfer('another')).status === 201);
    const another = await ledger.transfer('another');
    if (key === undefined) {
      // The append that its caller did not wait for any more is seen through: it may be stored after the answer.
      const bookedAtLast = storedOf(ledger).length - accounts - 1;
      expect(bookedAtLast).toBeGreaterThanOrEqual(booked);
      expect(bookedAtLast).toBeLessThan(count);
      expect(await ledger.balances(positionOf(another))).toContain(`"${bookedAtLast + 7}"`);
      return;
    }
    const again = await client.post(ledger.path('transactions/bulk'), { atomic: false, transactions }, key);
    expect((JSON.parse(again.text) as { data: unknown[] }).data).toHaveLength(count);
    expect(await ledger.balances(positionOf(again))).toContain(`"${count + 7}"`);
  },
);
