import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { Socket } from 'node:net';
import { connect } from './connect';
import type { Database, Sql } from './types';

const isPipelined = true;
let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = connect({ connectionString: database.url, max: 1, statementTimeoutMs: 30_000 });
  await db.query('create table item (id int primary key, name text)');
});
afterAll(async () => {
  await db.close();
  await database.drop();
});
beforeEach(() => db.query('truncate item'));

const insert = (sql: Sql, id: number, name: string) =>
  sql.query('insert into item values ($1, $2)', [id, name], 'insert-item');
const copy = (sql: Sql, table: string, ...lines: string[]) =>
  sql.copyFrom(
    `copy ${table} from stdin`,
    lines.map((line) => `${line}\n`),
  );
const names = async (): Promise<readonly unknown[]> =>
  (await db.query('select name from item order by id')).rows.map(({ name }) => name);

describe('a pipelined transaction', () => {
  it('sends what is asked for together by one write, and works it off in order', async () => {
    const writes = jest.spyOn(Socket.prototype, '_writev' as never);
    const single = jest.spyOn(Socket.prototype, '_write');
    // There are other sockets, such as those of other processes' output: it counts what is written to this one.
    const sockets = (): readonly unknown[] => [...writes.mock.contexts, ...single.mock.contexts];
    await db.query('select 1');
    const [own] = sockets();
    const toServer = (): number => sockets().filter((socket) => socket === own).length;
    const counted = await db.transaction(
      async (sql) => {
        const before = toServer();
        const all = [insert(sql, 1, 'a'), insert(sql, 2, 'b'), copy(sql, 'item', '3\tc', '4\td')] as const;
        const count = sql.query<{ n: number }>('select count(*)::int as n from item');
        await Promise.all(all);
        expect((await count).rows).toEqual([{ n: 4 }]);
        return toServer() - before;
      },
      { isPipelined },
    );
    writes.mockRestore();
    single.mockRestore();
    expect(counted).toBe(1);
    expect(await names()).toEqual(['a', 'b', 'c', 'd']);
  });

  it.each([
    ['a row that is there', (sql: Sql) => insert(sql, 1, 'again'), '23505'],
    ['a line that is none', (sql: Sql) => copy(sql, 'item', '7\tg', 'x\th'), '22P02'],
    ['a COPY into what is not there', (sql: Sql) => copy(sql, 'nothing', '7\tg', '8\th'), '42P01'],
  ])('is rolled back as a whole with %s, and what follows fails after it', async (_what, fail, sqlState) => {
    const failing = db.transaction(
      async (sql) => {
        const all = [insert(sql, 1, 'a'), fail(sql), copy(sql, 'item', '9\ti'), insert(sql, 2, 'b')];
        const ends = await Promise.allSettled<unknown>(all);
        expect(ends).toMatchObject([
          { status: 'fulfilled' },
          { status: 'rejected', reason: { sqlState } },
          { status: 'rejected', reason: { sqlState: '25P02' } },
          { status: 'rejected', reason: { sqlState: '25P02' } },
        ]);
        throw new Error('failed');
      },
      { isPipelined },
    );
    await expect(failing).rejects.toThrow('failed');
    // The only connection there is: it waits for answers again.
    expect(await names()).toEqual([]);
    await db.transaction((sql) => insert(sql, 3, 'c'), { isPipelined });
    await copy(db, 'item', '4\td');
    expect(await names()).toEqual(['c', 'd']);
  });
});
