import { connect, migrate } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PostgresCheckpointStore } from './postgres-checkpoint-store';

const migrations = path.resolve(__dirname, '../../../schemas/sql');
const stream = 'journal-led_old';
const tables = ['accounts', 'records', 'idempotency_keys'] as const;

let before: string;
let testing: TestDatabase;
let database: Database;

beforeAll(async () => {
  before = await mkdtemp(path.join(os.tmpdir(), 'fintech-ledger-migrations-'));
  for (const name of await readdir(migrations)) {
    if (name < '0007') await cp(path.join(migrations, name), path.join(before, name));
  }
  testing = await testDatabase(before);
  database = connect({ connectionString: testing.url, max: 4, statementTimeoutMs: 30_000 });
  // As the version before wrote it; 12,000 keys, so that they are deleted in parts.
  await database.query(
    `INSERT INTO writer.heads (stream, revision, chain_hash, accounts, hash) VALUES ('${stream}', 7, 'x', 1, 'h')`,
  );
  await database.query(
    `INSERT INTO writer.accounts SELECT stream_id, 'a:x', '{"old":1}', 'h', 'USD', 5, 5 FROM writer.heads`,
  );
  await database.query(
    `INSERT INTO writer.records SELECT stream_id, 't:x', '{}', 'h', now() FROM writer.heads`,
  );
  await database.query(
    `INSERT INTO writer.idempotency_keys SELECT stream_id, 'k' || n, 'h', 1, 1 FROM writer.heads, generate_series(1, 12000) n`,
  );
  await migrate(database, migrations);
});
afterAll(async () => {
  await database.close();
  await testing.drop();
  await rm(before, { recursive: true });
});

it('is not trusted, is kept while it is replaced, and deleted after that', async () => {
  const store = new PostgresCheckpointStore(database, { secret: 'a pepper of a test, 32 characters' });
  const count = async (): Promise<number[]> => {
    const counts = tables.map((table) =>
      database.query<{ n: string }>(`SELECT count(*) AS n FROM writer.${table}`),
    );
    return (await Promise.all(counts)).map(({ rows }) => Number(rows[0]?.n));
  };
  expect(await store.loadHead(stream)).toBeNull();
  expect(await store.loadRecords(stream, ['a:x'])).toEqual({ headRevision: null, found: new Map() });
  expect(await store.loadKeys(stream, ['k1'])).toEqual({ headRevision: null, found: new Map() });
  expect(
    await store.save(stream, { head: { revision: 9, chainHash: 'y' }, basis: 7, records: [], keys: [] }),
  ).toBe('gone');
  // Nothing has replaced it.
  await store.sweep(stream);
  expect(await count()).toEqual([1, 1, 12_000]);

  const records = [{ key: 'a:x', text: '{"new":1}', currency: 'USD', debits: 5n, credits: 5n }];
  expect(
    await store.save(stream, { head: { revision: 3, chainHash: 'y' }, basis: null, records, keys: [] }),
  ).toBe('saved');
  expect(await count()).toEqual([2, 1, 12_000]);
  expect((await store.loadRecords(stream, ['a:x', 't:x'])).found).toEqual(new Map([['a:x', '{"new":1}']]));
  expect((await store.loadKeys(stream, ['k1'])).found).toEqual(new Map());
  await store.sweep(stream);
  expect(await count()).toEqual([1, 0, 0]);
  expect((await database.query('SELECT FROM writer.heads')).rowCount).toBe(1);
  expect(await store.loadHead(stream)).toMatchObject({ revision: 3 });
});
