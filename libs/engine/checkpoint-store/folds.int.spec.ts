import { CheckpointCorrupt } from '@fintech-ledger/journal';
import { connect, migrate } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { tamper, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PostgresCheckpointStore } from './postgres-checkpoint-store';

const migrations = path.resolve(__dirname, '../../../schemas/sql');
const secret = 'a pepper of a test, 32 characters';
const [books, payments, customers] = ['journal-led_books', 'journal-led_payments', 'journal-led_customers'];

let before: string;
let testing: TestDatabase;
let database: Database;

/** Another process, which remembers nothing. */
const store = (): PostgresCheckpointStore => new PostgresCheckpointStore(database, { secret });
const foldsOf = async (stream: string): Promise<unknown> => (await store().loadHead(stream))?.folds;

beforeAll(async () => {
  before = await mkdtemp(path.join(os.tmpdir(), 'fintech-ledger-migrations-'));
  for (const name of await readdir(migrations))
    if (name < '0092') await cp(path.join(migrations, name), path.join(before, name));
  testing = await testDatabase(before);
  database = connect({ connectionString: testing.url, max: 4, statementTimeoutMs: 30_000 });
  // What a release before wrote: the same, but for what it knew nothing of.
  await database.query(`alter table writer.heads add column folds text not null default ''`);
  for (const [stream, key] of [
    [books, 'ledger_transfer:lt_1'],
    [payments, 'owner:platform'],
    [customers, 'customer:cus_1'],
  ] as const) {
    const records = [{ key, text: '{}' }];
    const head = { revision: 1, chainHash: 'x' };
    expect(await store().save(stream, { head, basis: null, records, keys: [] })).toBe('saved');
  }
  await database.query('alter table writer.heads drop column folds');
  await migrate(database, migrations);
});
afterAll(async () => {
  await database.close();
  await testing.drop();
  await rm(before, { recursive: true });
});

describe('checkpoints of a release that did not say what folded them', () => {
  it('hold for ledgers, and are not known to hold for those of payments', async () => {
    expect(await foldsOf(books)).toEqual([]);
    expect([await foldsOf(payments), await foldsOf(customers)]).toEqual([['unknown'], ['unknown']]);
  });

  it('are not known to hold when such a release has begun them since', async () => {
    const stream = 'journal-led_later';
    const head = { revision: 1, chainHash: 'x' };
    await store().save(stream, { head, basis: null, records: [], keys: [] });
    await database.query(`update writer.heads set folds = default where stream = '${stream}'`);
    expect(await foldsOf(stream)).toEqual(['unknown']);
  });
});

describe('what folded a checkpoint', () => {
  it.each(['', 'unknown', 'base:2', 'base:1 more:1'])('is authenticated: not %j', async (edit) => {
    const stream = `journal-led_${edit.length}`;
    const head = { revision: 1, chainHash: 'x' };
    await store().save(stream, { head, basis: null, records: [], keys: [], folds: ['base:1'] });
    expect(await foldsOf(stream)).toEqual(['base:1']);
    await tamper(database, `update writer.heads set folds = '${edit}' where stream = '${stream}'`);
    await expect(store().loadHead(stream)).rejects.toThrow(CheckpointCorrupt);
  });
});
