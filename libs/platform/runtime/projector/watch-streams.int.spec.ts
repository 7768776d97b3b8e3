import { MemoryEventStore, revision } from '@fintech-ledger/event-store';
import { Alarms } from '@fintech-ledger/health';
import { streamProblem } from '@fintech-ledger/installation';
import { createLogger } from '@fintech-ledger/logging';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { ledgerAndAccess } from '../../../testing/modules';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { watchStreams } from './watch-streams';

let testing: TestDatabase;
let db: Database;
let store: MemoryEventStore;

beforeEach(async () => {
  testing = await testDatabase();
  db = connect({ connectionString: testing.url, max: 4, statementTimeoutMs: 30_000 });
  store = new MemoryEventStore();
});
afterEach(async () => {
  await db.close();
  await testing.drop();
});

async function append(stream: string, count: number, history = 'first'): Promise<void> {
  const events = Array.from({ length: count }, (_, at) => ({
    id: randomUUID(),
    type: 'TransactionPosted',
    data: '{}',
    metadata: JSON.stringify({ hash: `${history} ${at}` }),
  }));
  await store.append(stream, 'no_stream', events);
}

const applied = (stream: string, at: number, hash: string | null) =>
  db.query(
    `insert into read.checkpoint_rows (projection, stream, revision, previous, hash) values ('accounts', $1, $2, -1, $3)`,
    [stream, at, hash],
  );

const halted = async (): Promise<readonly string[]> =>
  (
    await db.query<{ stream: string }>('select distinct stream from read.halted_streams order by stream')
  ).rows.map(({ stream }) => stream);

describe('watchStreams', () => {
  it('halts the read models of streams that got shorter or were rewritten, and of no other', async () => {
    await append('journal-led_whole', 6);
    await append('journal-led_shorter', 3);
    await append('journal-led_again', 6, 'second');
    await append('journal-led_truncated', 6);
    store.truncate('journal-led_truncated', 2);
    for (const name of ['whole', 'shorter', 'again', 'truncated', 'missing'])
      await applied(`journal-led_${name}`, 5, 'first 5');
    const alarms = new Alarms();
    const log = createLogger('silent', 'test');
    const end = watchStreams({
      db,
      store,
      projections: ledgerAndAccess.projections,
      log,
      alarms,
      restMs: 10,
    });
    for (const deadline = Date.now() + 20_000; alarms.list().length < 4; await delay(10))
      if (Date.now() > deadline) throw new Error(JSON.stringify(alarms.list()));
    await end();
    expect(await halted()).toEqual(['journal-led_again', 'journal-led_missing', 'journal-led_shorter']);
    const reasons = new Map(alarms.list().map(({ subject, reason }) => [subject, reason]));
    expect(reasons.get('journal-led_shorter')).toMatch(
      /has journal-led_shorter up to 2.*at revision 5.*is the older one/,
    );
    expect(reasons.get('journal-led_again')).toMatch(/another event as journal-led_again@5/);
    expect(reasons.get('journal-led_truncated')).toMatch(/lacks events/);
    expect(reasons.has('journal-led_whole')).toBe(false);
  });
});

describe('streamProblem', () => {
  it('knows by the read models alone that the store is older: a writer that was killed left no checkpoint', async () => {
    await append('journal-led_1', 3);
    await applied('journal-led_1', 5, null);
    expect(await streamProblem(store, db, 'journal-led_1')).toMatchObject({
      kind: 'shorter',
      end: { source: 'read models', revision: 5 },
    });
  });

  it('finds nothing wrong where read models and checkpoints lag behind, and with a stream that nobody knows', async () => {
    await append('journal-led_1', 6);
    await applied('journal-led_1', 2, 'first 2');
    expect(await streamProblem(store, db, 'journal-led_1')).toBeUndefined();
    expect(await streamProblem(store, db, 'journal-led_2')).toBeUndefined();
    const [last] = await store.readStream('journal-led_1', { from: revision(5), limit: 1 });
    expect(last).toBeDefined();
  });
});
