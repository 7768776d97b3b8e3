import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { openStore } from './open-store';

const before = { ...process.env };
let testing: TestDatabase;
let db: Database;

beforeAll(async () => {
  testing = await testDatabase();
  db = connect({ connectionString: testing.url, max: 1, statementTimeoutMs: 30_000 });
  process.env = { ...before, DATABASE_URL: testing.url };
  delete process.env['EVENT_STORE_URL'];
});
afterAll(async () => {
  process.env = before;
  await db?.close();
  await testing?.drop();
});

const connections = async (): Promise<number> =>
  (
    await db.query(
      `select from pg_stat_activity where datname = current_database() and application_name = 'fintech-ledger-ledgerctl'`,
    )
  ).rowCount;

it('a store that can not be opened leaves no connection behind', async () => {
  const opened = await openStore(undefined);
  expect(await connections()).toBeGreaterThan(0);
  await opened.close();
  expect(await connections()).toBe(0);
  await db.query('alter table meta.installation rename to moved');
  await expect(openStore(undefined)).rejects.toThrow('meta.installation');
  expect(await connections()).toBe(0);
});
