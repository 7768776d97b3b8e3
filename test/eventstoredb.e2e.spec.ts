import type { TrialBalanceView } from '@fintech-ledger/ledger';
import { seededRandom, startEventStoreDbServer, testDatabase } from '@fintech-ledger/testing';
import type { EventStoreDbServer, ServerFault, TestDatabase } from '@fintech-ledger/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { seedOf } from '../libs/testing/seed';
import { JournalAudit } from '../libs/testing/simulation';
import type { ParsedEvent } from '../libs/testing/simulation';
import { CrashLoad } from './support/crash-load';
import { LedgerClient } from './support/ledger-client';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

jest.setTimeout(180_000);

const seed = seedOf('CRASH_SEED');
const faults: readonly ServerFault[] = [
  'crash_after_commit',
  'crash_before_commit',
  'timeout',
  'not_ready',
  'unavailable',
  'duplicate',
  'slow_consumer',
];

let server: EventStoreDbServer;
let testing: TestDatabase;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let standalone: StandaloneProcess;
let client: LedgerClient;
let ledger: string;

function start(): Promise<StandaloneProcess> {
  return startStandaloneProcess({
    dataFolder: folder.path,
    environment: { DATABASE_URL: testing.url, EVENT_STORE_URL: server.url },
  });
}

beforeAll(async () => {
  console.info(`on EventStoreDB: CRASH_SEED=${seed}`);
  buildStandalone();
  server = await startEventStoreDbServer({ nodes: 3 });
  // No two machines' clocks agree.
  server.clockAheadMs = 5_000;
  [testing, folder] = await Promise.all([testDatabase(), temporaryFolder()]);
  standalone = await start();
  client = new LedgerClient(standalone.url, standalone.apiKey);
  ledger = (await client.accepted<{ id: string }>('/v1/ledgers', { name: 'elsewhere' })).id;
});

afterAll(async () => {
  await client?.close();
  await standalone?.stop();
  await server?.close();
  await testing?.drop();
  await folder?.remove();
});

/** One thing after the other goes wrong on the server until `signal` is aborted. */
async function disturb(random: () => number, signal: AbortSignal): Promise<number> {
  let disturbances = 0;
  let leader = 0;
  for (; !signal.aborted; disturbances += 1) {
    const kind = Math.floor(random() * (faults.length + 2));
    const fault = faults[kind];
    if (fault !== undefined) server.faults.inject(fault);
    else if (kind === faults.length) server.moveLeader((leader = (leader + 1) % 3));
    else server.dropSubscriptions();
    await delay(100 + random() * 400);
  }
  return disturbances;
}

describe(`the ledger on an EventStoreDB that fails all the time (seed ${seed})`, () => {
  it('books every acknowledged command once and nothing else, and its read models agree', async () => {
    const load = new CrashLoad(ledger, seededRandom(seed));
    await load.openAccounts(client);
    const stop = new AbortController();
    const running = load.run(client, 1, stop.signal);
    const disturbing = disturb(seededRandom(seed + 1), stop.signal);
    await Promise.all([delay(5_000), load.untilAcknowledged(50)]);
    stop.abort();
    await running;
    console.info(`on EventStoreDB: ${load.sent.length} commands, ${await disturbing} disturbances`);
    server.faults.clear();

    const open = load.sent.filter(({ answer, refused }) => answer === undefined && refused === undefined);
    await Promise.all(open.map((command) => load.settle(client, command)));
    const audit = new JournalAudit();
    for await (const event of client.list<ParsedEvent>(`/v1/ledgers/${ledger}/events`)) audit.add(event);
    audit.check();
    const acknowledged = load.sent.filter(({ answer }) => answer !== undefined);
    expect(acknowledged.length).toBeGreaterThan(20);
    for (const { key } of acknowledged) expect([key, audit.byKey.has(key)]).toEqual([key, true]);
    await load.replay(client, acknowledged);
    const position = `${ledger}@${audit.nextRevision - 1}`;
    const trial = await client.get<TrialBalanceView>(`/v1/ledgers/${ledger}/trial-balance`, position);
    expect(trial.balanced).toBe(true);
  });

  it('keeps no event in Postgres, and goes on after a restart of both', async () => {
    await standalone.stop();
    await server.restart();
    standalone = await start();
    await client.close();
    client = new LedgerClient(standalone.url, standalone.apiKey);
    const transfer = { debit_account: 'acc:1', credit_account: 'acc:2', amount: '1', currency: 'USD' };
    const { position } = await client.accepted<{ position: string }>(
      `/v1/ledgers/${ledger}/transfers`,
      transfer,
    );
    const trial = await client.get<TrialBalanceView>(`/v1/ledgers/${ledger}/trial-balance`, position);
    expect(trial.balanced).toBe(true);
    expect(server.log.records.some(({ stream }) => stream.endsWith(ledger))).toBe(true);
  });

  it('books 1,000 plain transactions with the server’s own limit, unless they are all or nothing', async () => {
    const { id } = await client.accepted<{ id: string }>('/v1/ledgers', { name: 'bulk' });
    for (const address of ['cash', 'sales']) {
      const account = { address, type: 'liability', currency: 'USD' };
      await client.accepted(`/v1/ledgers/${id}/accounts`, account);
    }
    const entries = ['debit', 'credit'].map((direction, side) => {
      return { account: ['cash', 'sales'][side], direction, amount: '1', currency: 'USD' };
    });
    const transactions = Array.from({ length: 1_000 }, () => ({ entries }));
    const path = `/v1/ledgers/${id}/transactions/bulk`;
    const whole = await client.post(path, { atomic: true, transactions });
    expect([whole.status, whole.code]).toEqual([400, 'bulk_too_large']);
    expect(whole.text).toMatch(/1000 events of \d{7} bytes; .* of 1048576 can be stored at once/);
    const first = await client.post(path, { atomic: false, transactions }, 'bulk-1');
    expect(first.status).toBe(201);
    const answer = JSON.parse(first.text) as { data: { position: string }[]; position: string };
    expect(answer.data).toHaveLength(1_000);
    expect(new Set(answer.data.map(({ position }) => position)).size).toBe(1_000);
    expect(answer.data.at(-1)?.position).toBe(answer.position);
    const again = await client.post(path, { atomic: false, transactions }, 'bulk-1');
    expect([again.isReplayed, again.text === first.text]).toEqual([true, true]);
    expect(
      server.log.records.filter(({ type, stream }) => type === 'TransactionPosted' && stream.endsWith(id)),
    ).toHaveLength(1_000);
  }, 60_000);
});
