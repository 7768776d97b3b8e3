import { startEmbeddedPostgres } from '@fintech-ledger/embedded-postgres';
import type { EmbeddedPostgres } from '@fintech-ledger/embedded-postgres';
import { connect, migrate } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshStream, someEvents, take } from '../../contract/contract-subject';
import { OutcomeUnknown, revision, StoreUnavailable } from '../../port';
import type { AppendResult, EventToAppend } from '../../port';
import { PostgresEventStore } from './postgres-event-store';

const kills = 6;
/** A backend ends between two statements when it can: that a kill falls into a commit is a matter of chance. */
const mostKills = 40;
let folder: string;
let server: EmbeddedPostgres;
let database: Database;
let store: PostgresEventStore;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'event-store-crash-'));
  server = await startEmbeddedPostgres({ directory: path.join(folder, 'postgres') });
  database = connect({ connectionString: server.url, statementTimeoutMs: 30_000 });
  await migrate(database, path.resolve(__dirname, '../../../../../schemas/sql'));
  store = new PostgresEventStore({ database });
}, 45_000);

afterAll(async () => {
  await store.close();
  await database.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** As a writer does it: the same events at the same revision until the store says how it ended. */
async function appendPersistently(
  stream: string,
  expected: number,
  events: readonly EventToAppend[],
  seen: Map<string, number>,
): Promise<AppendResult> {
  for (;;) {
    try {
      const result = await store.append(stream, expected < 0 ? 'no_stream' : revision(expected), events);
      if (result.repeated) seen.set('repeated', (seen.get('repeated') ?? 0) + 1);
      return result;
    } catch (error) {
      if (!(error instanceof OutcomeUnknown || error instanceof StoreUnavailable)) throw error;
      seen.set(error.name, (seen.get(error.name) ?? 0) + 1);
      await sleep(10);
    }
  }
}

/** Kills the postmaster and waits for the next one: backends of the killed one may go on answering for a moment. */
async function killServer(): Promise<void> {
  const killed = server.pid();
  process.kill(killed, 'SIGKILL');
  while (server.pid() === killed) await sleep(20);
}

it(`loses and doubles nothing when the server is killed ${kills} times or more under load`, async () => {
  const prefix = freshStream();
  const state = { isStopping: false };
  const seen = new Map<string, number>();
  const sent = new Map<string, EventToAppend[]>();
  const write = async (stream: string): Promise<void> => {
    const events: EventToAppend[] = [];
    sent.set(stream, events);
    while (!state.isStopping) {
      const batch = someEvents(1 + (events.length % 40), events.length);
      const result = await appendPersistently(stream, events.length - 1, batch, seen);
      events.push(...batch);
      expect(result.revision).toBe(events.length - 1);
    }
  };
  const followed: string[] = [];
  const subscription = store.subscribe({ streamPrefixes: [prefix] });
  const following = (async () => {
    for await (const batch of subscription) followed.push(...batch.map(({ id }) => id));
  })();
  const writing = Promise.all(['a', 'b', 'c'].map((name) => write(`${prefix}-${name}`)));
  try {
    for (let kill = 0; kill < kills || (!seen.has('OutcomeUnknown') && kill < mostKills); kill += 1) {
      await sleep(200 + Math.random() * 300);
      await killServer();
    }
  } finally {
    state.isStopping = true;
  }
  await writing;

  const total = [...sent.values()].reduce((sum, events) => sum + events.length, 0);
  while (followed.length < total) await sleep(20);

  await subscription.close();
  await following;
  const replayed = await take(store.subscribe({ streamPrefixes: [prefix] }), total);
  expect(replayed).toHaveLength(total);
  expect(followed).toEqual(replayed.map(({ id }) => id));
  for (const [stream, events] of sent) {
    const stored = replayed.filter((event) => event.stream === stream);
    expect(stored.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    expect(stored.map((event) => event.revision)).toEqual(events.map((_, index) => index));
  }
  expect(seen.get('OutcomeUnknown') ?? 0).toBeGreaterThan(0);
}, 90_000);
