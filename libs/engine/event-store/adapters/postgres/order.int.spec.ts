import { connect } from '@fintech-ledger/postgres';
import type { Database, SqlSession } from '@fintech-ledger/postgres';
import { tamper, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshStream, someEvents, take } from '../../contract/contract-subject';
import { globalPosition, PositionUnknown } from '../../port';
import { appendNewStream } from './append-statements';
import { PostgresEventStore } from './postgres-event-store';

let server: TestDatabase;
let database: Database;
let store: PostgresEventStore;

beforeEach(async () => {
  server = await testDatabase();
  database = connect({ connectionString: server.url, statementTimeoutMs: 30_000 });
  store = new PostgresEventStore({ database });
});

afterEach(async () => {
  await store.close();
  await database.close();
  await server.drop();
});

/** An append whose transaction is left open after it has taken its positions. */
async function appendWithoutCommit(stream: string): Promise<SqlSession> {
  const session = await database.session();
  const [event] = someEvents(1);
  await session.query('begin');
  const values = [stream, 1, event?.id, event?.type, [event?.data], [event?.metadata]];
  expect((await session.query(appendNewStream, values)).rowCount).toBe(1);
  return session;
}

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => false), sleep(150).then(() => true)]);
}

describe('a late commit', () => {
  it('is not passed over: what takes its position later becomes visible later', async () => {
    const taking = take(store.subscribe({ streamPrefixes: [''] }), 2);
    const late = await appendWithoutCommit('late');
    const appending = store.append('early', 'no_stream', someEvents(1));
    expect(await isPending(appending)).toBe(true);
    await late.query('commit');
    await appending;
    const taken = await taking;
    expect(taken.map(({ stream, position }) => [stream, position])).toEqual([
      ['late', '1'],
      ['early', '2'],
    ]);
    await late.release();
  });

  it('that is rolled back leaves no hole', async () => {
    const late = await appendWithoutCommit('late');
    const appending = store.append('early', 'no_stream', someEvents(2));
    expect(await isPending(appending)).toBe(true);
    await late.query('rollback');
    await appending;
    const taken = await take(store.subscribe({ streamPrefixes: [''] }), 2);
    expect(taken.map(({ position }) => position)).toEqual(['1', '2']);
    expect(await store.countAfter(globalPosition('1'))).toBe(1);
    await late.release();
  });
});

describe('an append', () => {
  it('is durable although the server’s default is not to wait', async () => {
    const session = await database.session();
    const setting = async (): Promise<unknown> =>
      (await session.query<{ synchronous_commit: string }>('show synchronous_commit')).rows[0]
        ?.synchronous_commit;
    const append = (): Promise<unknown> => {
      const [event] = someEvents(1);
      return session.query(appendNewStream, [freshStream(), 1, event?.id, 'Type', ['{}'], ['{}']]);
    };
    for (const [given, wanted] of [
      ['off', 'on'],
      ['remote_write', 'remote_write'],
    ]) {
      await session.query(`set synchronous_commit = ${given}`);
      await session.query('begin');
      await append();
      expect(await setting()).toBe(wanted);
      await session.query('commit');
    }
    await session.release();
  });
});

describe('a subscription', () => {
  it('gets past many events that it does not want', async () => {
    for (let at = 0; at < 60; at += 1) await store.append(`journal-${at}`, 'no_stream', someEvents(1));
    await store.append('org-1', 'no_stream', someEvents(1));
    const [event] = await take(store.subscribe({ streamPrefixes: ['org-'], batchEventsMax: 5 }), 1);
    expect(event).toMatchObject({ stream: 'org-1', position: '61' });
  });

  it('is woken by an append of this store, and by wake() for one of another', async () => {
    const quiet = new PostgresEventStore({ database, idlePollMs: 60_000 });
    const batches = quiet.subscribe({ streamPrefixes: [''] })[Symbol.asyncIterator]();
    for (const appender of [quiet, store]) {
      const next = batches.next();
      await sleep(300);
      await appender.append(freshStream(), 'no_stream', someEvents(1));
      if (appender === store) quiet.wake();
      const start = performance.now();
      expect((await next).value).toHaveLength(1);
      // Polling would take a minute.
      expect(performance.now() - start).toBeLessThan(20_000);
    }
    await quiet.close();
  });

  it('refuses to start after a position that this store never gave', async () => {
    await store.append('a', 'no_stream', someEvents(3));
    const start = (after: string): Promise<unknown> =>
      take(store.subscribe({ streamPrefixes: [''], after: globalPosition(after) }), 1);
    await expect(start('4')).rejects.toThrow(PositionUnknown);
    await expect(start('journal')).rejects.toThrow(PositionUnknown);
  });

  it.each([0, 1, 2])(
    'stops at a missing event (%i of an append) instead of passing it over',
    async (missing) => {
      await store.append('a', 'no_stream', someEvents(3));
      await store.append('b', 'no_stream', someEvents(1));
      await tamper(database, 'delete from store.events where revision = $1 and stream_id = 1', [missing]);
      await expect(take(store.subscribe({ streamPrefixes: [''] }), 4)).rejects.toThrow(/damaged.*stream a/);
    },
  );
});
