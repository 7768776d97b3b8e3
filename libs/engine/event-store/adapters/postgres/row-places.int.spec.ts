import { connect } from '@fintech-ledger/postgres';
import type { Database, SqlSession } from '@fintech-ledger/postgres';
import { tamper, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { freshStream, someEvents } from '../../contract/contract-subject';
import { revision } from '../../port';
import { PostgresEventStore } from './postgres-event-store';

let server: TestDatabase;
let database: Database;

beforeAll(async () => {
  server = await testDatabase();
  database = connect({ connectionString: server.url, statementTimeoutMs: 60_000 });
});

afterAll(async () => {
  await database.close();
  await server.drop();
});

const begin = async (store: PostgresEventStore, count: number): Promise<readonly string[]> => {
  const streams = Array.from({ length: count }, () => freshStream());
  for (const stream of streams) await store.append(stream, 'no_stream', someEvents(1));
  return streams;
};
const appendAll = (store: PostgresEventStore, streams: readonly string[], at: number): Promise<unknown> =>
  Promise.all(streams.map((stream) => store.append(stream, revision(at), someEvents(1))));

/** How many pages of the updated tables were looked at so far, as the connection that is asked has told. */
async function pagesRead(connection: Database): Promise<number> {
  await connection.query('select pg_stat_force_next_flush()');
  const { rows } = await connection.query<{ hits: string }>(
    `select sum(heap_blks_hit) as hits from pg_statio_user_tables
      where schemaname = 'store' and relname in ('streams', 'position')`,
  );
  return Number(rows[0]?.hits);
}

describe('the rows that appends update', () => {
  it('are found at once however many versions of them a snapshot keeps', async () => {
    const one = connect({ connectionString: server.url, max: 1, statementTimeoutMs: 60_000 });
    const store = new PostgresEventStore({ database: one });
    const [stream = ''] = await begin(store, 1);
    const backup: SqlSession = await database.session();
    await backup.query('begin isolation level repeatable read');
    await backup.query('select 1');
    let at = 0;
    for (; at < 1_500; at += 1) await store.append(stream, revision(at), someEvents(1));
    const pages: number[] = [];
    for (; at < 1_510; at += 1) {
      const before = await pagesRead(one);
      await store.append(stream, revision(at), someEvents(1));
      pages.push((await pagesRead(one)) - before);
    }
    // Of about 30 that have versions. The least of ten: the server cleans up beside it, and counts that too.
    expect(Math.min(...pages)).toBeLessThan(15);
    await backup.release();
    await store.close();
    await one.close();
  });

  it('are found where another process has moved them', async () => {
    const [first, second] = [new PostgresEventStore({ database }), new PostgresEventStore({ database })];
    const streams = await begin(first, 12);
    for (let at = 0; at < 8; at += 1) await appendAll(at % 2 === 0 ? second : first, streams, at);
    for (const stream of streams) expect(await first.readStream(stream, { limit: 20 })).toHaveLength(9);
    await Promise.all([first.close(), second.close()]);
  });

  it('are found when the tables were rewritten', async () => {
    const store = new PostgresEventStore({ database });
    const streams = await begin(store, 5);
    await appendAll(store, streams, 0);
    for (const table of ['streams', 'position']) await database.query(`vacuum full store.${table}`);
    await appendAll(store, streams, 1);
    await appendAll(store, streams, 2);
    for (const stream of streams) expect(await store.readStream(stream, { limit: 9 })).toHaveLength(4);
    await store.close();
  });

  it('are not mistaken for those of another stream that are where they were', async () => {
    const store = new PostgresEventStore({ database });
    const [a = '', b = ''] = await begin(store, 2);
    const swap = `update store.streams set name = case name when $1 then $2 || '-new' else $1 || '-new' end where name in ($1, $2)`;
    await tamper(database, swap, [a, b]);
    await expect(store.append(a, revision(0), someEvents(1))).rejects.toMatchObject({ actual: null });
    await store.close();
  });
});
