import { seededRandom } from '@fintech-ledger/testing';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { seedOf } from '../libs/testing/seed';
import { JournalAudit } from '../libs/testing/simulation';
import type { ParsedEvent } from '../libs/testing/simulation';
import { CrashLoad } from './support/crash-load';
import type { SentCommand } from './support/crash-load';
import { LedgerAudit } from './support/ledger-audit';
import { LedgerClient } from './support/ledger-client';
import {
  buildStandalone,
  embeddedPostgresPid,
  startStandaloneProcess,
  temporaryFolder,
} from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

const seed = seedOf('CRASH_SEED');
const rounds = Number(process.env['CRASH_ROUNDS'] ?? 12);
/** Load until the kill, at most. */
const loadMsMax = 600;
const victims = ['process', 'postgres', 'both'] as const;

jest.setTimeout(120_000);

const random = seededRandom(seed);
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let standalone: StandaloneProcess;
let client: LedgerClient;
let ledger: string;
let load: CrashLoad;
let books: LedgerAudit;

async function start(): Promise<void> {
  standalone = await startStandaloneProcess({ dataFolder: folder.path });
  client = new LedgerClient(standalone.url, standalone.apiKey);
}

beforeAll(async () => {
  console.info(`crash test: CRASH_SEED=${seed} CRASH_ROUNDS=${rounds}`);
  buildStandalone();
  folder = await temporaryFolder();
  await start();
  ledger = (await client.accepted<{ id: string }>('/v1/ledgers', { name: 'crash' })).id;
  load = new CrashLoad(ledger, random);
  books = new LedgerAudit(ledger);
  await load.openAccounts(client);
});

afterAll(async () => {
  await client?.close();
  await standalone?.stop();
  await folder?.remove();
});

/** Kills without a warning, and starts the process again when it was the one. */
async function crash(victim: (typeof victims)[number]): Promise<void> {
  const postgres = await embeddedPostgresPid(folder.path);
  if (postgres === undefined) throw new Error('the embedded Postgres does not run');
  const killed = victim === 'postgres' ? undefined : standalone.kill();
  if (victim !== 'process') process.kill(postgres, 'SIGKILL');
  await killed;
}

function checkKeys(commands: readonly SentCommand[]): void {
  for (const { key, answer, refused } of commands) {
    const trace = books.journal.byKey.get(key);
    if (answer !== undefined && trace === undefined) throw new Error(`${key} was acknowledged and is gone`);
    if (refused !== undefined && answer === undefined && trace !== undefined)
      throw new Error(`${key} was refused (${refused}) and is there`);
  }
}

describe(`killed ${rounds} times under load (seed ${seed})`, () => {
  const recoveries: number[] = [];
  let completed = 0;

  it.each(
    Array.from({ length: rounds }, (_, i) => [i + 1, victims[i % victims.length] ?? 'process'] as const),
  )('round %i: kill -9 of %s loses nothing, doubles nothing, halves nothing', async (round, victim) => {
    if (completed !== round - 1) throw new Error('an earlier round failed');
    const before = load.sent.length;
    const stop = new AbortController();
    const running = load.run(client, round, stop.signal);
    await delay(20 + random() * loadMsMax);
    await crash(victim).finally(() => stop.abort());
    const diedAt = performance.now();
    if (victim !== 'postgres') {
      await client.close();
      await running;
      await start();
    }
    await running;
    const sent = load.sent.slice(before);
    const first: SentCommand = {
      key: `after-${round}`,
      path: `/v1/ledgers/${ledger}/accounts`,
      body: { address: `after:${round}`, type: 'asset', currency: 'USD' },
    };
    load.sent.push(first);
    await load.settle(client, first);
    recoveries.push(performance.now() - diedAt);

    const unknown = sent.filter(({ answer, refused }) => answer === undefined && refused === undefined);
    await books.readOn(client);
    checkKeys(sent);
    // What is there of these is whole (the audit saw to that); sent again, each has its effect now, and not twice.
    const wasThere = new Set(unknown.filter(({ key }) => books.journal.byKey.has(key)).map(({ key }) => key));
    await Promise.all(unknown.map((command) => load.settle(client, command)));
    for (const { key, refused } of unknown) {
      if (wasThere.has(key) && refused !== undefined)
        throw new Error(`${key} is there and was refused: ${refused}`);
    }
    await load.replay(client, [...sent, first]);
    await books.readOn(client);
    checkKeys([...sent, first]);
    completed = round;
  });

  it('has every acknowledged command once at the end, in a journal whose chain holds', async () => {
    await books.untilHoldsExpired(client);
    const journal = new JournalAudit();
    for await (const event of client.list<ParsedEvent>(`/v1/ledgers/${ledger}/events`)) journal.add(event);
    journal.check();
    expect(journal.head).toBe(books.journal.head);
    const acknowledged = load.sent.filter(({ answer }) => answer !== undefined);
    expect(journal.byKey.size).toBe(acknowledged.length);
    for (const { key } of acknowledged) expect(journal.byKey.has(key)).toBe(true);
    await load.replay(
      client,
      load.sent.filter(() => random() < 0.1),
    );
    recoveries.sort((a, b) => a - b);
    console.info(
      `crash test: ${acknowledged.length} acknowledged commands, ${journal.nextRevision} events; back after ${Math.round(recoveries[rounds >> 1] ?? 0)} ms (median), ${Math.round(recoveries.at(-1) ?? 0)} ms (most)`,
    );
  });

  it('has read models that equal the fold of the journal, and a trial balance that balances', async () => {
    await books.expectReadModels(client);
  });
});
