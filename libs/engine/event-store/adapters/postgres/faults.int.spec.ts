import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { tcpProxy, testDatabase } from '@fintech-ledger/testing';
import type { TcpProxy, TestDatabase } from '@fintech-ledger/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshStream, someEvents } from '../../contract/contract-subject';
import { OutcomeUnknown, revision, StoreUnavailable } from '../../port';
import { PostgresEventStore } from './postgres-event-store';

let server: TestDatabase;
let database: Database;
let store: PostgresEventStore;
let proxy: TcpProxy;
let proxied: Database;
let distant: PostgresEventStore;

beforeAll(async () => {
  server = await testDatabase();
  database = connect({ connectionString: server.url, statementTimeoutMs: 30_000 });
  store = new PostgresEventStore({ database });
  proxy = await tcpProxy(server.url);
  proxied = connect({ connectionString: proxy.url, statementTimeoutMs: 30_000 });
  distant = new PostgresEventStore({ database: proxied, appendTimeoutMs: 300 });
});

afterEach(() => proxy.set('none'));

afterAll(async () => {
  await Promise.all([store.close(), distant.close()]);
  await proxy.close();
  await Promise.all([database.close(), proxied.close()]);
  await server.drop();
});

const countOf = async (stream: string): Promise<number> =>
  (await store.readStream(stream, { limit: 100 })).length;

describe('an append by way of a bad connection', () => {
  it('has an unknown outcome when the answer is lost, and is found when it is sent again', async () => {
    const stream = freshStream();
    const events = someEvents(3);
    await distant.append(stream, 'no_stream', someEvents(1));
    proxy.set('lose_answers');
    await expect(distant.append(stream, revision(0), events)).rejects.toThrow(OutcomeUnknown);
    proxy.set('none');
    expect(await distant.append(stream, revision(0), events)).toEqual({ revision: 3, repeated: true });
    expect(await countOf(stream)).toBe(4);
  });

  it('has an unknown outcome after our own timeout', async () => {
    const stream = freshStream();
    const events = someEvents(3);
    await distant.append(stream, 'no_stream', someEvents(1));
    proxy.set('hold_answers');
    await expect(distant.append(stream, revision(0), events)).rejects.toThrow(OutcomeUnknown);
    expect(await store.append(stream, revision(0), events)).toEqual({ revision: 3, repeated: true });
  });

  it('was certainly not written when there is no connection', async () => {
    const stream = freshStream();
    proxy.set('down');
    await sleep(20);
    await expect(distant.append(stream, 'no_stream', someEvents(1))).rejects.toThrow(StoreUnavailable);
    await expect(distant.append(stream, 'any', someEvents(1))).rejects.toThrow(StoreUnavailable);
    await expect(distant.readStream(stream, { limit: 1 })).rejects.toThrow(StoreUnavailable);
    await expect(distant.countAfter(undefined)).rejects.toThrow(StoreUnavailable);
    expect(await countOf(stream)).toBe(0);
  });

  it('has an unknown outcome when its backend is ended, and is written when it is sent again', async () => {
    const stream = freshStream();
    const events = someEvents(2);
    await store.append(stream, 'no_stream', someEvents(1));
    const blocker = await database.session();
    await blocker.query('begin');
    await blocker.query('select from store.streams where name = $1 for update', [stream]);
    const appending = store.append(stream, revision(0), events).catch((error: unknown) => error);
    await untilBlocked();
    await blocker.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`);
    expect(await appending).toBeInstanceOf(OutcomeUnknown);
    await blocker.release();
    expect(await store.append(stream, revision(0), events)).toEqual({ revision: 2, repeated: false });
  });
});

describe('an append that the server refuses for now', () => {
  it('was not written when the server cancelled it', async () => {
    const impatient = connect({ connectionString: server.url, statementTimeoutMs: 100 });
    const stream = freshStream();
    await store.append(stream, 'no_stream', someEvents(1));
    const blocker = await database.session();
    await blocker.query('begin');
    await blocker.query('select from store.position for update');
    const appending = new PostgresEventStore({ database: impatient }).append(
      stream,
      revision(0),
      someEvents(1),
    );
    await expect(appending).rejects.toThrow(StoreUnavailable);
    await blocker.release();
    expect(await countOf(stream)).toBe(1);
    await impatient.close();
  });

  it('was not written when the server is read-only', async () => {
    const url = `${server.url}${server.url.includes('?') ? '&' : '?'}options=-c%20default_transaction_read_only%3Don`;
    const standby = connect({ connectionString: url, statementTimeoutMs: 30_000 });
    const reader = new PostgresEventStore({ database: standby });
    await expect(reader.append(freshStream(), 'no_stream', someEvents(1))).rejects.toThrow(StoreUnavailable);
    await expect(reader.append(freshStream(), 'any', someEvents(1))).rejects.toThrow(StoreUnavailable);
    await standby.close();
  });
});

describe('a subscription', () => {
  it('resumes automatically after the database was unavailable', async () => {
    const stream = freshStream();
    await store.append(stream, 'no_stream', someEvents(2));
    const subscription = distant.subscribe({ streamPrefixes: [stream] });
    const batches = subscription[Symbol.asyncIterator]();
    expect((await batches.next()).value).toHaveLength(2);
    proxy.set('down');
    const next = batches.next();
    await store.append(stream, revision(1), someEvents(3));
    await sleep(150);
    proxy.set('none');
    expect((await next).value).toMatchObject([{ revision: 2 }, { revision: 3 }, { revision: 4 }]);
    await subscription.close();
  });
});

async function untilBlocked(): Promise<void> {
  for (;;) {
    const { rowCount } = await database.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rowCount > 0) return;
    await sleep(5);
  }
}
