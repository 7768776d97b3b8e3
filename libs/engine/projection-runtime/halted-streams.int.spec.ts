import { genesisHash } from '@fintech-ledger/envelope';
import { globalPosition, revision } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { ScriptedFeed, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  defineProjection,
  PoisonEvent,
  PositionWaiter,
  Projector,
  rebuildStream,
  selectHaltedStreams,
} from '.';
import type { Alarm, Projection } from '.';
import { apartFailuresMax } from './limits';

jest.setTimeout(60_000);

const hashOf = (at: number, history: string): string => (at === -1 ? genesisHash : `h${at}${history}`);
/** An event of a journal that went the other way from revision `fork` on, when that is given. */
function event(stream: string, at: number, fork = Infinity, type = 'Known'): RecordedEvent {
  const history = (of: number): string => (of >= fork ? 'again' : '');
  return {
    id: `${stream}-${at}${history(at)}`,
    type,
    data: '{}',
    metadata: `{"hash":"${hashOf(at, history(at))}","previousHash":"${hashOf(at - 1, history(at - 1))}"}`,
    stream,
    revision: revision(at),
    position: globalPosition('0'),
  };
}
const events = (stream: string, from: number, to: number, fork?: number): RecordedEvent[] =>
  Array.from({ length: to - from + 1 }, (_, i) => event(stream, from + i, fork));
const range = (to: number): number[] => Array.from({ length: to + 1 }, (_, i) => i);

describe('a stream that cannot go on', () => {
  let database: TestDatabase;
  let db: Database;
  let feed: ScriptedFeed;
  let isTaught: boolean;
  let unfit: string | undefined;
  let isUnfit: (seen: RecordedEvent) => boolean;
  /** Writes of more than one event, as the lane makes them. */
  let groupsWritten: number;
  const running: Projector<RecordedEvent>[] = [];
  const alarms: Alarm[] = [];

  beforeEach(async () => {
    database = await testDatabase();
    db = connect({ connectionString: database.url, statementTimeoutMs: 30_000 });
    await db.query('create table listed (projection text, stream text, revision bigint, id text)');
    feed = new ScriptedFeed();
    isTaught = false;
    unfit = undefined;
    isUnfit = () => false;
    groupsWritten = 0;
    alarms.length = 0;
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((projector) => projector.stop()));
    await db.close();
    await database.drop();
  });

  function listing(name: string): Projection<RecordedEvent> {
    return defineProjection<RecordedEvent, readonly RecordedEvent[]>({
      name,
      version: 1,
      streamPrefixes: ['j'],
      mayBeRebuilt: true,
      tables: [],
      project: (seen) => seen,
      async save(sql, seen) {
        if (name === 'a' && seen.length > 1) groupsWritten += 1;
        for (const one of seen) {
          if (name === 'a' && (one.id === unfit || isUnfit(one))) throw new Error('the row does not fit');
          await sql.query('insert into listed values ($1, $2, $3, $4)', [
            name,
            one.stream,
            one.revision,
            one.id,
          ]);
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
  const projections = [listing('a'), listing('b')];

  function start(): Projector<RecordedEvent> {
    const projector = new Projector<RecordedEvent>({
      db,
      feed,
      history: feed,
      decode(recorded) {
        if (recorded.type === 'Known' || isTaught) return recorded;
        throw new PoisonEvent(recorded, 'its type is not known');
      },
      projections,
      observer: { halted: (alarm) => alarms.push(alarm) },
    });
    running.push(projector);
    projector.start();
    return projector;
  }
  async function restart(): Promise<void> {
    await running.pop()?.stop();
    start();
  }
  const reached = (projection: string, stream: string, at: number): Promise<boolean> =>
    new PositionWaiter(db, [projection]).waitFor(stream, at, 15_000);
  async function listed(projection: string, stream: string): Promise<string[]> {
    const { rows } = await db.query<{ id: string }>(
      'select id from listed where projection = $1 and stream = $2 order by revision',
      [projection, stream],
    );
    return rows.map(({ id }) => id);
  }
  const ids = (stream: string, to: number, fork?: number): string[] =>
    range(to).map((at) => event(stream, at, fork).id);
  const halted = () => selectHaltedStreams(db, { limit: 100 });
  async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(10))
      if (await holds()) return;
    throw new Error('it did not happen in time');
  }
  const untilGoingOn = () => until(async () => (await halted()).length === 0);

  it('halts alone at a gap, is told of once, and resumes automatically when the store has what was missing', async () => {
    start();
    feed.push(...events('j1', 0, 2), ...events('j1', 4, 5), ...events('j2', 0, 3));
    expect(await reached('a', 'j2', 3)).toBe(true);
    await until(() => alarms.length === 2);
    const reason = 'event j1@4 (Known, j1-4) came after revision 2: 1 missing before it';
    expect(alarms).toMatchObject([
      { projection: 'a', stream: 'j1', reason },
      { projection: 'b', stream: 'j1', reason },
    ]);
    expect(await halted()).toMatchObject([
      { projection: 'a', stream: 'j1', revision: 3, reason },
      { projection: 'b', stream: 'j1', revision: 3, reason },
    ]);
    feed.push(...events('j1', 6, 7), ...events('j2', 4, 6));
    expect(await reached('b', 'j2', 6)).toBe(true);
    expect(await listed('a', 'j1')).toEqual(ids('j1', 2));
    feed.store(event('j1', 3));
    await untilGoingOn();
    feed.push(event('j1', 8));
    expect(await reached('a', 'j1', 8)).toBe(true);
    expect(await reached('b', 'j1', 8)).toBe(true);
    expect(await listed('a', 'j1')).toEqual(ids('j1', 8));
    expect(await listed('b', 'j1')).toEqual(ids('j1', 8));
    expect(alarms).toHaveLength(2);
  });

  it('is read from the store at once when only the feed has left something out, without an alarm', async () => {
    feed.store(...events('j1', 0, 9));
    start();
    feed.push(...events('j1', 0, 2), ...events('j1', 5, 6));
    expect(await reached('a', 'j1', 9)).toBe(true);
    expect(await reached('b', 'j1', 9)).toBe(true);
    await untilGoingOn();
    feed.push(...events('j1', 7, 12));
    expect(await reached('a', 'j1', 12)).toBe(true);
    expect(await listed('a', 'j1')).toEqual(ids('j1', 12));
    expect(alarms).toEqual([]);
  });

  it('halts when the store went back and was rewritten, applies nothing of that, and goes on with the right store', async () => {
    start();
    feed.push(...events('j1', 0, 9), ...events('j2', 0, 2));
    expect(await reached('a', 'j1', 9)).toBe(true);
    // Five events are gone, eight others are booked.
    feed.store(...events('j1', 5, 12, 5));
    feed.push(...events('j1', 10, 12, 5), ...events('j2', 3, 5));
    await until(() => alarms.length === 2);
    for (const { stream, reason } of alarms) {
      expect(stream).toBe('j1');
      expect(reason).toMatch(
        /^the journal was rewritten at 9: event j1@9 \(Known, j1-9again\) .*ledgerctl recover/,
      );
    }
    expect(await reached('b', 'j2', 5)).toBe(true);
    expect(await listed('a', 'j1')).toEqual(ids('j1', 9));
    // A restart changes nothing.
    await restart();
    feed.push(event('j1', 13, 5), event('j2', 6));
    expect(await reached('a', 'j2', 6)).toBe(true);
    expect(await listed('a', 'j1')).toEqual(ids('j1', 9));
    expect(await halted()).toMatchObject([{ stream: 'j1', revision: 10 }, { stream: 'j1' }]);
    feed.store(...events('j1', 5, 13));
    await untilGoingOn();
    expect(await listed('a', 'j1')).toEqual(ids('j1', 13));
    expect(await listed('b', 'j1')).toEqual(ids('j1', 13));
  });

  it('is rebuilt from the store once that is accepted, whatever the feed still delivers of the old history', async () => {
    start();
    feed.push(...events('j1', 0, 9), ...events('j2', 0, 2));
    expect(await reached('a', 'j1', 9)).toBe(true);
    feed.store(...events('j1', 5, 12, 5));
    feed.push(...events('j1', 10, 12, 5));
    await until(() => alarms.length === 2);
    await rebuildStream(db, projections, 'j1');
    await untilGoingOn();
    expect(await reached('a', 'j1', 12)).toBe(true);
    expect(await listed('a', 'j1')).toEqual(ids('j1', 12, 5));
    // As a topic gives them: what was sent before the old history was dropped counts for nothing, even where it would follow.
    feed.push({ ...event('j1', 13, 5), id: 'old', generation: 0 } as RecordedEvent);
    feed.push({ ...event('j1', 13, 5), generation: 1 } as RecordedEvent, ...events('j2', 3, 3));
    expect(await reached('b', 'j1', 13)).toBe(true);
    expect(await reached('b', 'j2', 3)).toBe(true);
    expect(await listed('b', 'j1')).toEqual(ids('j1', 13, 5));
    expect(await listed('a', 'j2')).toEqual(ids('j2', 3));
  });

  it('halts at an event that nobody can read, over a restart, until it can be read', async () => {
    start();
    feed.push(...events('j1', 0, 1), event('j1', 2, undefined, 'FromTheFuture'), ...events('j1', 3, 4));
    feed.push(...events('j2', 0, 5));
    expect(await reached('b', 'j2', 5)).toBe(true);
    await until(() => alarms.length === 2);
    expect(alarms[0]?.reason).toBe('event j1@2 (FromTheFuture, j1-2): its type is not known');
    expect(await listed('b', 'j1')).toEqual(ids('j1', 1));
    await restart();
    await until(() => alarms.length === 4);
    isTaught = true;
    await untilGoingOn();
    expect(await listed('a', 'j1')).toEqual(ids('j1', 4));
    expect(await listed('b', 'j1')).toEqual(ids('j1', 4));
  });

  it('is found among all streams of a batch when its rows cannot be written, to the event', async () => {
    unfit = 'j3-4';
    const streams = ['j1', 'j2', 'j3', 'j4', 'j5'];
    for (const stream of streams) feed.store(...events(stream, 0, 11));
    start();
    // In turn, so that every batch has all of them, and the next batch is folded while this one fails.
    feed.push(...range(5).flatMap((at) => streams.map((stream) => event(stream, at))));
    feed.push(...range(5).flatMap((at) => streams.map((stream) => event(stream, at + 6))));
    for (const stream of streams.filter((name) => name !== 'j3')) {
      expect(await reached('a', stream, 11)).toBe(true);
      expect(await reached('b', stream, 11)).toBe(true);
    }
    expect(await reached('b', 'j3', 11)).toBe(true);
    await until(() => alarms.length === 1);
    expect(alarms[0]).toMatchObject({
      projection: 'a',
      stream: 'j3',
      reason: 'event j3@4 (Known, j3-4): the row does not fit',
    });
    expect(await listed('a', 'j3')).toEqual(ids('j3', 3));
    unfit = undefined;
    await untilGoingOn();
    for (const stream of streams) {
      expect(await listed('a', stream)).toEqual(ids(stream, 11));
      expect(await listed('b', stream)).toEqual(ids(stream, 11));
    }
  });

  it('costs the others a bounded number of writes, however many cannot be written', async () => {
    const streams = Array.from({ length: 400 }, (_, at) => `j${at}`);
    const isPoison = (stream: string): boolean => Number(stream.slice(1)) % 2 === 0;
    isUnfit = ({ stream }) => isPoison(stream);
    feed.push(...streams.map((stream) => event(stream, 0)));
    start();
    for (const stream of streams.filter((name) => !isPoison(name))) {
      expect(await reached('a', stream, 0)).toBe(true);
      expect(await reached('b', stream, 0)).toBe(true);
    }
    // To find each of them would take one for nearly each stream.
    expect(groupsWritten).toBeLessThanOrEqual(2 * apartFailuresMax + 2);
    await until(async () => {
      const rows = await selectHaltedStreams(db, { limit: 1_000 });
      return (
        rows.length === 200 && rows.every(({ stream, projection }) => isPoison(stream) && projection === 'a')
      );
    });
  }, 90_000);

  it('gives checkpoints from before hashes were kept the hash that the store has, before it reads on', async () => {
    start();
    feed.push(...events('j1', 0, 5), ...events('j2', 0, 5), ...events('j3', 0, 5));
    for (const stream of ['j1', 'j2', 'j3']) expect(await reached('a', stream, 5)).toBe(true);
    await running.pop()?.stop();
    await db.query('update read.checkpoint_rows set hash = null');
    // Meanwhile one of them lost its end.
    jest.spyOn(feed, 'readStream').mockImplementation(async (stream, options) => {
      const all = await ScriptedFeed.prototype.readStream.call(feed, stream, { ...options, limit: 100 });
      return all.filter((one) => stream !== 'j2' || one.revision < 4).slice(0, options.limit);
    });
    start();
    await until(async () => (await halted()).length === 2);
    const { rows } = await db.query<{ stream: string; hash: string | null }>(
      `select stream, hash from read.checkpoints where projection = 'a' order by stream`,
    );
    expect(rows).toEqual([
      { stream: 'j1', hash: 'h5' },
      { stream: 'j2', hash: null },
      { stream: 'j3', hash: 'h5' },
    ]);
    expect((await halted())[0]?.reason).toMatch(
      /^the journal j2 has no event 5 any more, which was applied: .*ledgerctl recover/,
    );
    feed.push(event('j1', 6), event('j3', 6, 5));
    expect(await reached('b', 'j1', 6)).toBe(true);
    await until(() => alarms.some(({ stream }) => stream === 'j3'));
  });
});
