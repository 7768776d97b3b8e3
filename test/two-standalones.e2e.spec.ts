import type { TrialBalanceView } from '@fintech-ledger/ledger';
import { journalStream } from '@fintech-ledger/envelope';
import { connect } from '@fintech-ledger/postgres';
import { seededRandom, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import path from 'node:path';
import { seedOf } from '../libs/testing/seed';
import { JournalAudit } from '../libs/testing/simulation';
import type { ParsedEvent } from '../libs/testing/simulation';
import { CrashLoad } from './support/crash-load';
import type { SentCommand } from './support/crash-load';
import { LedgerClient } from './support/ledger-client';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

jest.setTimeout(120_000);

const seed = seedOf('CRASH_SEED');
const leaseTtlMs = 2_000;
/** Beyond the lease: noticing that the owner is gone, loading the ledger, and a busy machine. */
const graceMs = 8_000;

let testing: TestDatabase;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let first: StandaloneProcess;
let second: StandaloneProcess;
/** Both with one key, whichever process made it: it is one installation. */
let clients: [LedgerClient, LedgerClient];
let key: string;
let ledger: string;

function start(name: string): Promise<StandaloneProcess> {
  return startStandaloneProcess({
    dataFolder: path.join(folder.path, name),
    environment: {
      DATABASE_URL: testing.url,
      API_KEY_PEPPER: 'a pepper that both of the processes share',
      LEASE_TTL_MS: String(leaseTtlMs),
    },
  });
}

beforeAll(async () => {
  console.info(`two standalones: CRASH_SEED=${seed}`);
  buildStandalone();
  [testing, folder] = await Promise.all([testDatabase(), temporaryFolder()]);
  // At once on an empty database: they make one organization and one key between them.
  [first, second] = await Promise.all([start('first'), start('second')]);
  const keys = [first.apiKey, second.apiKey].filter((key) => key !== '');
  expect(keys).toHaveLength(1);
  [key = ''] = keys;
  clients = [new LedgerClient(first.url, key), new LedgerClient(second.url, key)];
  ledger = (await clients[0].accepted<{ id: string }>('/v1/ledgers', { name: 'shared' })).id;
});

afterAll(async () => {
  await Promise.all((clients ?? []).map((client) => client.close()));
  await Promise.all([first, second].map((standalone) => standalone?.stop()));
  await testing?.drop();
  await folder?.remove();
});

async function readJournal(client: LedgerClient): Promise<JournalAudit> {
  const audit = new JournalAudit();
  for await (const event of client.list<ParsedEvent>(`/v1/ledgers/${ledger}/events`)) audit.add(event);
  audit.check();
  return audit;
}

/** Which process has the lease of the ledger. */
async function ownerOf(stream: string): Promise<string | undefined> {
  const database = connect({ connectionString: testing.url, max: 1, statementTimeoutMs: 30_000 });
  const { rows } = await database.query<{ owner_id: string }>(
    'select owner_id from writer.leases where stream = $1',
    [stream],
  );
  await database.close();
  return rows[0]?.owner_id;
}

const transfer = { debit_account: 'acc:1', credit_account: 'acc:2', amount: '1', currency: 'USD' };

describe(`two standalone processes on one database (seed ${seed})`, () => {
  let load: CrashLoad;

  it('both work, and each sees at once what was written by way of the other', async () => {
    load = new CrashLoad(ledger, seededRandom(seed));
    await load.openAccounts(clients[0]);
    for (let i = 0; i < 40; i += 1) {
      const [one, other] = i % 2 === 0 ? clients : ([clients[1], clients[0]] as const);
      const address = `shared:${i}`;
      await one.accepted(`/v1/ledgers/${ledger}/accounts`, { address, type: 'liability', currency: 'USD' });
      const sent = await other.accepted<{ position: string }>(`/v1/ledgers/${ledger}/transfers`, {
        ...transfer,
        credit_account: address,
      });
      const balance = await one.get<{ available: string }>(
        `/v1/ledgers/${ledger}/accounts/${address}/balance`,
        sent.position,
      );
      expect(balance.available).toBe('1');
    }
  });

  it('give one key one effect, sent to both at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const replies = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          (clients[i % 2] as LedgerClient).post(`/v1/ledgers/${ledger}/transfers`, transfer, `both-${round}`),
        ),
      );
      expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
      expect(replies.filter(({ isReplayed }) => isReplayed)).toHaveLength(19);
    }
  });

  it('spend an account down to its bound together', async () => {
    await clients[0].accepted(`/v1/ledgers/${ledger}/accounts`, {
      address: 'bounded',
      type: 'liability',
      currency: 'USD',
      min_balance: '-100',
    });
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        (clients[i % 2] as LedgerClient).post(`/v1/ledgers/${ledger}/transfers`, {
          ...transfer,
          debit_account: 'bounded',
        }),
      ),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(100);
    expect(replies.filter(({ code }) => code === 'insufficient_funds')).toHaveLength(100);
  });

  it('lose nothing when the one that writes the ledger is killed: the other takes over within the lease', async () => {
    const stops = [new AbortController(), new AbortController()] as const;
    const running = clients.map((client, i) => load.run(client, 1_000 + i, (stops[i] ?? stops[0]).signal));
    await load.untilAcknowledged(100);
    // The first one wrote the ledger first, and has renewed its lease since.
    const owner = await ownerOf(journalStream(ledger));
    await first.kill();
    stops[0].abort();
    const diedAt = performance.now();
    await clients[0].close();
    const answeredAfterMs = await untilAnswered(load, clients[1], diedAt);
    expect(answeredAfterMs).toBeLessThan(leaseTtlMs + graceMs);
    expect(await ownerOf(journalStream(ledger))).not.toBe(owner);
    await load.untilAcknowledged(20);
    stops[1].abort();
    await Promise.all(running);
    console.info(`two standalones: the other one took over after ${Math.round(answeredAfterMs)} ms`);

    const survivor = clients[1];
    await readJournal(survivor);
    const open = load.sent.filter(({ answer, refused }) => answer === undefined && refused === undefined);
    await Promise.all(open.map((command) => load.settle(survivor, command)));
    const audit = await readJournal(survivor);
    const acknowledged = load.sent.filter(({ answer }) => answer !== undefined);
    expect(acknowledged.length).toBeGreaterThan(20);
    for (const { key } of acknowledged) expect([key, audit.byKey.has(key)]).toEqual([key, true]);
    await load.replay(survivor, acknowledged);
    const position = `${ledger}@${audit.nextRevision - 1}`;
    const trial = await survivor.get<TrialBalanceView>(`/v1/ledgers/${ledger}/trial-balance`, position);
    expect(trial.balanced).toBe(true);
  });

  it('goes on with both when the killed one is back', async () => {
    first = await start('first');
    clients[0] = new LedgerClient(first.url, key);
    for (const client of [...clients, ...clients])
      await client.accepted(`/v1/ledgers/${ledger}/transfers`, transfer);
    await readJournal(clients[0]);
  });
});

/** Milliseconds from the kill to the first command that the survivor carries out. */
async function untilAnswered(load: CrashLoad, survivor: LedgerClient, diedAt: number): Promise<number> {
  const command: SentCommand = {
    key: 'after-the-kill',
    path: `/v1/ledgers/${ledger}/transfers`,
    body: transfer,
  };
  load.sent.push(command);
  await load.settle(survivor, command);
  return performance.now() - diedAt;
}
