import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { WriteFailed } from './errors';
import { isOfItsEvents, isPassing } from './is-passing';

let server: TestDatabase;
let db: Database;

beforeAll(async () => {
  server = await testDatabase();
  db = connect({ connectionString: server.url, statementTimeoutMs: 30_000 });
  await db.query(
    'create table kept (id text primary key, amount bigint not null, said jsonb, at timestamptz, check (amount >= 0))',
    [],
  );
  await db.query(`insert into kept values ('there', 1)`, []);
});

afterAll(async () => {
  await db.close();
  await server.drop();
});

async function failureOf(statement: string, values: readonly unknown[]): Promise<WriteFailed> {
  const error: unknown = await db.query(statement, values).then(
    () => undefined,
    (failed: unknown) => failed,
  );
  expect(error).toBeInstanceOf(Error);
  return new WriteFailed('kept', error);
}
/** That no compression makes fit into an entry of an index. */
const randomLetters = `select string_agg(md5(n::text), '') from generate_series(1, 300) n`;

describe('a failed write is of the events it was made of', () => {
  it.each<[what: string, statement: string, values: readonly unknown[]]>([
    ['longer than an entry of an index', `insert into kept values ((${randomLetters}), 1)`, []],
    ['with a NUL character', 'insert into kept values ($1, 1)', ['a\0b']],
    ['twice under one key', 'insert into kept values ($1, 1)', ['there']],
    ['outside of a check', 'insert into kept values ($1, -1)', ['a']],
    ['without what a row must have', 'insert into kept values ($1, null)', ['a']],
    ['larger than a number', 'insert into kept values ($1, $2)', ['a', '9223372036854775808']],
    ['without a number', 'insert into kept values ($1, $2)', ['a', '1x']],
    ['without JSON', 'insert into kept values ($1, 1, $2)', ['a', '{']],
    ['with JSON that has a NUL character', 'insert into kept values ($1, 1, $2)', ['a', '"\\u0000"']],
    ['without a time', 'insert into kept (id, amount, at) values ($1, 1, $2)', ['a', '2026-02-30T00:00:00Z']],
  ])('when a row is %s', async (_what, statement, values) => {
    const failed = await failureOf(statement, values);
    expect([isOfItsEvents(failed), isPassing(failed.cause)]).toEqual([true, false]);
  });

  it.each<[what: string, statement: string]>([
    ['a table', 'insert into nowhere values (1)'],
    ['a column', 'insert into kept (nothing) values (1)'],
    ['a function', 'insert into kept values (nothing(), 1)'],
  ])('and is not when it lacks %s', async (_what, statement) => {
    expect(isOfItsEvents(await failureOf(statement, []))).toBe(false);
  });
});
