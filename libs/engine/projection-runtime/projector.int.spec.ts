import { genesisHash } from '@fintech-ledger/envelope';
import type { EventFeed, FeedReader } from '@fintech-ledger/event-feed';
import { globalPosition, revision } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { connect, DatabaseUnavailable } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { ScriptedFeed, tcpProxy, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { CheckpointMoved, defineProjection, PositionWaiter, Projector, rebuildStream } from '.';
import type { Alarm, Projection } from '.';
import { FeedStuck } from './feed-watch';
import { Lane } from './lane';
import { prepareProjection } from './projection-rows';

type Seen = Pick<RecordedEvent, 'stream' | 'revision'>;

const hashOf = (at: number): string => (at === -1 ? genesisHash : `h${at}`);
const event = (stream: string, at: number): RecordedEvent => ({
  id: `${stream}-${at}`,
  type: 'Known',
  data: '{}',
  metadata: `{"hash":"${hashOf(at)}","previousHash":"${hashOf(at - 1)}"}`,
  stream,
  revision: revision(at),
  position: globalPosition('0'),
});
const events = (stream: string, from: number, to: number): RecordedEvent[] =>
  Array.from({ length: to - from + 1 }, (_, i) => event(stream, from + i));
const decode = (recorded: RecordedEvent): Seen => recorded;

/** Writes every event as a row, without any key that would catch a double. */
function listing(name: string, options: { version?: number; mayBeRebuilt?: boolean } = {}): Projection<Seen> {
  return defineProjection<Seen, readonly Seen[]>({
    name,
    version: options.version ?? 1,
    streamPrefixes: ['j'],
    mayBeRebuilt: options.mayBeRebuilt ?? true,
    tables: [],
    project: (seen) => seen,
    async save(sql, seen) {
      for (const one of seen) {
        await sql.query('insert into listed values ($1, $2, $3)', [name, one.stream, one.revision]);
      }
    },
    reset: async (sql) => {
      await sql.query('delete from listed where projection = $1', [name]);
    },
    resetStream: async (sql, stream) => {
      await sql.query('delete from listed where projection = $1 and stream = $2', [name, stream]);
    },
  });
}

describe('Projector', () => {
  let database: TestDatabase;
  let db: Database;
  let feed: ScriptedFeed;
  const running: Projector<Seen>[] = [];
  const alarms: Alarm[] = [];

  beforeEach(async () => {
    database = await testDatabase();
    db = connect({
      connectionString: database.url,
      applicationName: 'projector-test',
      statementTimeoutMs: 30_000,
    });
    await db.query('create table listed (projection text, stream text, revision bigint)');
    feed = new ScriptedFeed();
    alarms.length = 0;
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((projector) => projector.stop()));
    await db.close();
    await database.drop();
  });

  function start(...projections: Projection<Seen>[]): Projector<Seen> {
    const observer = { halted: (alarm: Alarm) => alarms.push(alarm) };
    const projector = new Projector<Seen>({ db, feed, history: feed, decode, projections, observer });
    running.push(projector);
    projector.start();
    return projector;
  }
  async function stop(projector: Projector<Seen>): Promise<void> {
    running.splice(running.indexOf(projector), 1);
    await projector.stop();
  }
  const reached = (projection: string, stream: string, at: number, timeoutMs = 5_000): Promise<boolean> =>
    new PositionWaiter(db, [projection]).waitFor(stream, at, timeoutMs);
  async function listed(projection: string, stream = 'j1'): Promise<number[]> {
    const { rows } = await db.query<{ revision: string }>(
      'select revision from listed where projection = $1 and stream = $2 order by revision',
      [projection, stream],
    );
    return rows.map((row) => Number(row.revision));
  }
  async function stateOf(
    name: string,
  ): Promise<{ state: string; last_error: string | null; feed_token: string | null }> {
    const { rows } = await db.query<{ state: string; last_error: string | null; feed_token: string | null }>(
      'select state, last_error, feed_token from read.projections where name = $1',
      [name],
    );
    const row = rows[0];
    if (row === undefined) throw new Error(`no projection ${name}`);
    return row;
  }
  async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + 8_000; Date.now() < deadline; await sleep(10))
      if (await holds()) return;
    throw new Error('it did not happen in time');
  }
  const range = (to: number): number[] => Array.from({ length: to + 1 }, (_, i) => i);

  it('gets on after an answer of Postgres was lost', async () => {
    const proxy = await tcpProxy(database.url);
    const own = connect({
      connectionString: proxy.url,
      applicationName: 'loses-answers',
      statementTimeoutMs: 200,
    });
    const projector = new Projector<Seen>({
      ...{ db: own, feed, history: feed, decode, projections: [listing('a')] },
    });
    try {
      projector.start();
      feed.push(...events('j1', 0, 4));
      expect(await reached('a', 'j1', 4)).toBe(true);
      proxy.set('hold_answers');
      feed.push(...events('j1', 5, 9));
      // The answer to its BEGIN is on its way, and never comes.
      await until(async () => {
        const { rows } = await db.query(
          `select from pg_stat_activity where application_name = 'loses-answers' and state = 'idle in transaction'`,
        );
        return rows.length > 0;
      });
      proxy.set('none');
      expect(await reached('a', 'j1', 9, 60_000)).toBe(true);
      expect(await listed('a')).toEqual(range(9));
    } finally {
      await projector.stop();
      await own.close();
      await proxy.close();
    }
  }, 90_000);

  it('opens a feed again that is behind and does nothing, and leaves one that has nothing to do', async () => {
    let opened = 0;
    let asked = 0;
    const mute: FeedReader = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
      acknowledge: () => Promise.resolve(),
      isBehind: () => Promise.resolve(true),
      close: () => Promise.resolve(),
    };
    const sometimesMute: EventFeed = {
      place: feed.place,
      countAfter: (token) => feed.countAfter(token),
      open(options) {
        opened += 1;
        if (opened === 1) return mute;
        const isBehind = (): Promise<boolean> => Promise.resolve((asked += 1) < 0);
        return { ...feed.open(options), isBehind };
      },
    };
    feed.push(...events('j1', 0, 4));
    const retried: unknown[] = [];
    const observer = { retrying: (error: unknown) => retried.push(error) };
    const projector = new Projector<Seen>({
      ...{
        db,
        feed: sometimesMute,
        history: feed,
        decode,
        projections: [listing('a')],
        observer,
        stuckMs: 100,
      },
    });
    running.push(projector);
    projector.start();
    expect(await reached('a', 'j1', 4, 20_000)).toBe(true);
    expect(retried).toEqual([expect.any(FeedStuck)]);
    await until(() => asked >= 3);
    expect(opened).toBe(2);
    await until(() => projector.health() === undefined);
  });

  it('applies each event once, however often it is delivered, also after a restart', async () => {
    feed.push(...events('j1', 0, 4));
    const first = start(listing('a'));
    expect(await reached('a', 'j1', 4)).toBe(true);
    feed.push(...events('j1', 2, 6), ...events('j2', 0, 1));
    expect(await reached('a', 'j1', 6)).toBe(true);
    await stop(first);
    feed.push(...events('j1', 0, 9));
    start(listing('a'));
    expect(await reached('a', 'j1', 9)).toBe(true);
    expect(await listed('a')).toEqual(range(9));
    expect(await listed('a', 'j2')).toEqual(range(1));
    expect(await stateOf('a')).toMatchObject({ state: 'running', last_error: null });
  });

  it('lets one of two projectors win a batch, and the other lose without a trace', async () => {
    const projection = listing('a');
    await prepareProjection(db, projection);
    feed.push(...events('j1', 0, 50));
    const lanes = [0, 1].map(
      () =>
        new Lane<Seen>({
          db,
          feed,
          history: feed,
          decode,
          followed: [
            {
              name: projection.name,
              streamPrefixes: projection.streamPrefixes,
              isLive: true,
              sides: [projection],
            },
          ],
          after: undefined,
          batchEventsMax: 100,
          observer: {},
          recordedMsOf: () => null,
          sinceMs: 0,
        }),
    );
    const outcomes = lanes.map((lane) =>
      lane.run().then(
        () => 'ended',
        (error: unknown) => error,
      ),
    );
    // Who comes too late for a batch only skips it: there are more of them until two meet.
    let last = 50;
    const more = setInterval(() => {
      feed.push(...events('j1', last + 1, last + 10));
      last += 10;
    }, 5);
    const loser = await Promise.race(outcomes);
    clearInterval(more);
    expect(loser).toBeInstanceOf(CheckpointMoved);
    await Promise.all(lanes.map((lane) => lane.close()));
    await Promise.all(outcomes);
    const rows = await listed('a');
    expect(rows.length).toBeGreaterThan(50);
    expect(rows).toEqual(range(rows.length - 1));
    expect(alarms).toEqual([]);
  });

  it('loses nothing and doubles nothing when its connections are cut again and again', async () => {
    start(listing('a'));
    let at = -1;
    for (let round = 0; round < 25; round += 1) {
      feed.push(...events('j1', at + 1, at + 40));
      at += 40;
      await sleep(Math.random() * 15);
      await db
        .query(
          `select pg_terminate_backend(pid) from pg_stat_activity
            where application_name = 'projector-test' and pid <> pg_backend_pid() and datname = current_database()`,
        )
        .catch((error: unknown) => {
          if (!(error instanceof DatabaseUnavailable)) throw error;
        });
    }
    await until(() => reached('a', 'j1', at, 500).catch(() => false));
    expect(await listed('a')).toEqual(range(at));
    expect(alarms).toEqual([]);
  }, 60_000);

  it('stands by while another process projects, and takes over', async () => {
    const first = start(listing('a'));
    feed.push(...events('j1', 0, 1));
    expect(await reached('a', 'j1', 1)).toBe(true);
    const second = start(listing('a'));
    await until(() => second.states().get('a')?.state === 'standby');
    await stop(first);
    feed.push(...events('j1', 2, 3));
    expect(await reached('a', 'j1', 3)).toBe(true);
    expect(second.states().get('a')?.state).toBe('running');
    expect(await listed('a')).toEqual(range(3));
  });

  it('leaves the rows alone of what may not be rebuilt, with another version or another history', async () => {
    const outbox = (version: number) => listing('a', { version, mayBeRebuilt: false });
    feed.push(...events('j1', 0, 3));
    const first = start(outbox(1), listing('b'));
    expect(await reached('a', 'j1', 3)).toBe(true);
    expect(await reached('b', 'j1', 3)).toBe(true);
    await stop(first);
    await rebuildStream(db, [outbox(1), listing('b')], 'j1');
    expect(await listed('a')).toEqual([0, 1, 2, 3]);
    expect(await listed('b')).toEqual([]);
    expect(await reached('a', 'j1', 3)).toBe(true);
    const later = start(outbox(2), listing('b'));
    expect(await reached('b', 'j1', 3)).toBe(true);
    await stop(later);
    expect(alarms.map(({ projection, reason }) => [projection, reason])).toEqual([
      [
        'a',
        'projection a was built by version 1 and may not be rebuilt as version 2: change its rows by a migration',
      ],
    ]);
    expect(await listed('a')).toEqual([0, 1, 2, 3]);
    expect(await listed('b')).toEqual([0, 1, 2, 3]);
  });

  it('rebuilds an older version, and does not touch a newer one', async () => {
    const old = start(listing('a'));
    feed.push(...events('j1', 0, 3));
    expect(await reached('a', 'j1', 3)).toBe(true);
    await stop(old);
    const renewed = start(listing('a', { version: 2 }));
    feed.push(...events('j1', 4, 4));
    expect(await reached('a', 'j1', 4)).toBe(true);
    expect(await listed('a')).toEqual(range(4));
    await stop(renewed);
    const outdated = start(listing('a', { version: 1 }));
    await until(() => outdated.states().get('a')?.state === 'halted');
    expect(alarms[0]?.reason).toBe('projection a was built by version 2, this is version 1');
    expect(await listed('a')).toEqual(range(4));
  });

  it('starts a projection that is new from the first event, beside those that go on', async () => {
    const first = start(listing('a'));
    feed.push(...events('j1', 0, 3));
    expect(await reached('a', 'j1', 3)).toBe(true);
    await stop(first);
    start(listing('a'), listing('b'));
    feed.push(...events('j1', 4, 4));
    expect(await reached('b', 'j1', 4)).toBe(true);
    expect(await reached('a', 'j1', 4)).toBe(true);
    expect(await listed('b')).toEqual(range(4));
    expect(await listed('a')).toEqual(range(4));
  });

  it('wakes who waits for a position, and says when it did not come', async () => {
    start(listing('a'), listing('b'));
    const waiter = new PositionWaiter(db, ['a', 'b']);
    const waiting = waiter.waitFor('j1', 2, 5_000);
    expect(await waiter.waitFor('j1', 0, 30)).toBe(false);
    feed.push(...events('j1', 0, 2));
    expect(await waiting).toBe(true);
    expect(await waiter.waitFor('j1', 2, 0)).toBe(true);
    expect(await waiter.waitFor('j1', 3, 0)).toBe(false);
    expect(await waiter.waitFor('nowhere', -1, 0)).toBe(true);
  });
});
