import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { tcpProxy, testDatabase } from '@fintech-ledger/testing';
import type { TcpProxy, TestDatabase } from '@fintech-ledger/testing';
import { freshStream, someEvents, take } from '../../contract/contract-subject';
import { joinedBytesMax } from '../../limits';
import { AppendRejected, OutcomeUnknown, revision } from '../../port';
import type { AppendResult, EventToAppend } from '../../port';
import { PostgresEventStore } from './postgres-event-store';

let server: TestDatabase;
let database: Database;
let store: PostgresEventStore;

beforeAll(async () => {
  server = await testDatabase();
  database = connect({ connectionString: server.url, statementTimeoutMs: 30_000 });
  store = new PostgresEventStore({ database });
});

afterAll(async () => {
  await store.close();
  await database.close();
  await server.drop();
});

interface Sent {
  readonly stream: string;
  readonly events: readonly EventToAppend[];
}

async function begun(count: number, bytes = 10): Promise<readonly Sent[]> {
  const data = JSON.stringify('x'.repeat(bytes));
  const streams = Array.from({ length: count }, () => freshStream());
  for (const stream of streams) await store.append(stream, 'no_stream', someEvents(1));
  return streams.map((stream) => ({ stream, events: someEvents(2).map((event) => ({ ...event, data })) }));
}

const appendAll = (
  all: readonly Sent[],
  to: PostgresEventStore = store,
): Promise<PromiseSettledResult<AppendResult>[]> =>
  Promise.allSettled(all.map(({ stream, events }) => to.append(stream, revision(0), events)));

/** The streams whose second appends were committed together, by transaction. */
async function transactionsOf(all: readonly Sent[]): Promise<readonly (readonly string[])[]> {
  const { rows } = await database.query<{ names: string[] }>(
    `select array_agg(stream.name order by append.last_position) as names
       from store.appends append join store.streams stream on stream.id = append.stream_id
      where append.first_revision = 1 and stream.name = any ($1) group by append.xmin::text order by min(append.last_position)`,
    [all.map(({ stream }) => stream)],
  );
  return rows.map(({ names }) => names);
}

describe('appends to many streams', () => {
  it('that come while one is on its way go in one transaction, in their order', async () => {
    const all = await begun(30);
    await appendAll(all);
    const names = all.map(({ stream }) => stream);
    expect(await transactionsOf(all)).toEqual([names.slice(0, 1), names.slice(1)]);
  });

  it('take positions that follow one another', async () => {
    const all = await begun(9);
    await appendAll(all);
    const events = await take(store.subscribe({ streamPrefixes: all.map(({ stream }) => stream) }), 27);
    const positions = events.slice(9).map(({ position }) => Number(position));
    expect(positions).toEqual(positions.map((_, index) => (positions[0] ?? 0) + index));
  });

  it('are joined up to a bound of bytes, and beyond it go alone', async () => {
    const all = await begun(7, joinedBytesMax / 8);
    const large = await begun(1, joinedBytesMax);
    const results = await appendAll([...all, ...large]);
    expect(results.every(({ status }) => status === 'fulfilled')).toBe(true);
    const joined = await transactionsOf([...all, ...large]);
    // Two events of an eighth each, and what is around them: three of seven fit.
    expect(Math.max(...joined.map(({ length }) => length))).toBe(3);
    expect(joined).toContainEqual(large.map(({ stream }) => stream));
  });

  it('do not wait for a stream that somebody else has locked', async () => {
    const all = await begun(5);
    const stuck = all[3] as Sent;
    const blocker = await database.session();
    await blocker.query('begin');
    await blocker.query('select from store.streams where name = $1 for update', [stuck.stream]);
    let isAnswered = false;
    const answers = all.map(async ({ stream, events }) => {
      const result = await store.append(stream, revision(0), events);
      if (stream === stuck.stream) isAnswered = true;
      return result;
    });
    const others = await Promise.all(answers.filter((_, index) => index !== 3));
    expect(others).toEqual(others.map(() => ({ revision: 2, repeated: false })));
    expect(isAnswered).toBe(false);
    await blocker.query('commit');
    await blocker.release();
    expect(await answers[3]).toEqual({ revision: 2, repeated: false });
  });

  it('are refused one by one', async () => {
    const all = await begun(6);
    // The server takes no such text, and only the server says so.
    const refused = { ...(all[4] as Sent), events: someEvents(1).map((e) => ({ ...e, data: '"\u0000"' })) };
    const results = await appendAll(all.map((one, index) => (index === 4 ? refused : one)));
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual(all.map((_, index) => index !== 4));
    expect(results[4]).toMatchObject({ reason: expect.any(AppendRejected) as unknown });
  });
});

describe('a joined append by way of a bad connection', () => {
  let proxy: TcpProxy;
  let proxied: Database;
  let distant: PostgresEventStore;

  beforeAll(async () => {
    proxy = await tcpProxy(server.url);
    proxied = connect({ connectionString: proxy.url, max: 3, statementTimeoutMs: 30_000 });
    distant = new PostgresEventStore({ database: proxied });
  });

  afterAll(async () => {
    await distant.close();
    await proxied.close();
    await proxy.close();
  });

  it('has an unknown outcome for all of them when its answer is lost; sent again, each is found', async () => {
    const all = await begun(12);
    // One connection for the first, which goes alone, and one for the others.
    await Promise.all(all.map(({ stream }) => distant.readStream(stream, { limit: 1 })));
    proxy.set('lose_answers');
    for (const result of await appendAll(all, distant))
      expect(result).toMatchObject({ reason: expect.any(OutcomeUnknown) as unknown });
    proxy.set('none');
    expect(await transactionsOf(all)).toHaveLength(2);
    for (const result of await appendAll(all, distant))
      expect(result).toMatchObject({ value: { revision: 2, repeated: true } });
    for (const { stream } of all) expect(await store.readStream(stream, { limit: 10 })).toHaveLength(3);
  });
});
