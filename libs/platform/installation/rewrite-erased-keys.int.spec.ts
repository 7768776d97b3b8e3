import { createLogger } from '@fintech-ledger/logging';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import path from 'node:path';
import { prepareDatabase } from './prepare-database';
import { repositoryRoot } from './repository-root';

const migrations = path.join(repositoryRoot(), 'schemas', 'sql');
const log = createLogger('silent', 'test');

describe('a key that was erased', () => {
  let testing: TestDatabase;
  let database: Database;
  const key = (n: number): string => `decode(repeat('c0ffee0${n}', 20), 'hex')`;
  const insert = (n: number): Promise<unknown> =>
    database.query(
      `insert into privacy.subject_keys (id, organization_id, wrapped) values ('sub_${n}', 'org_1', ${key(n)})`,
    );
  const erase = (n: number): Promise<unknown> =>
    database.query(`update privacy.subject_keys set wrapped = null where id = 'sub_${n}'`);
  /** Whether the table's file has its bytes. */
  const isOnDisk = async (n: number): Promise<boolean> => {
    await database.query('checkpoint');
    const { rows } = await database.query<{ found: boolean }>(
      `select position(${key(n)} in pg_read_binary_file(pg_relation_filepath('privacy.subject_keys'))) > 0 as found`,
    );
    return rows[0]?.found === true;
  };
  const start = (): Promise<void> =>
    prepareDatabase({ url: testing.url, name: 'The database', migrations, log }, () => Promise.resolve());
  /** As often as it takes: the server may be vacuuming the table, and a start waits for nobody. */
  const startUntilDone = async (): Promise<void> => {
    for (let n = 0; n < 20; n += 1) {
      await start();
      const { rowCount } = await database.query(
        `select from privacy.rewritten
          where erased = (select count(*) from privacy.subject_keys where wrapped is null)`,
      );
      if (rowCount === 1) return;
    }
    throw new Error('the tables are not written again');
  };
  const file = async (): Promise<unknown> =>
    (await database.query(`select pg_relation_filepath('privacy.subject_keys') as path`)).rows;

  beforeAll(async () => {
    testing = await testDatabase();
    database = connect({ connectionString: testing.url, max: 2, statementTimeoutMs: 30_000 });
  });
  afterAll(async () => {
    await database?.close();
    await testing?.drop();
  });

  it('is in the file of its table until a start writes that again, and no other key goes', async () => {
    for (const n of [1, 2]) await insert(n);
    await erase(1);
    expect([await isOnDisk(1), await isOnDisk(2)]).toEqual([true, true]);
    await startUntilDone();
    expect([await isOnDisk(1), await isOnDisk(2)]).toEqual([false, true]);
    const { rows } = await database.query('select id, wrapped is null as erased from privacy.subject_keys');
    expect(rows).toEqual([
      { id: 'sub_1', erased: true },
      { id: 'sub_2', erased: false },
    ]);
  });

  it('costs later starts nothing, until there is another one', async () => {
    const before = await file();
    await start();
    expect(await file()).toEqual(before);
    await erase(2);
    await startUntilDone();
    expect(await isOnDisk(2)).toBe(false);
  });

  it('waits for the next start where its table is in use', async () => {
    await insert(3);
    await erase(3);
    const before = await file();
    await database.transaction(async (sql) => {
      await sql.query('lock table privacy.subject_keys in row exclusive mode');
      await start();
    });
    expect(await file()).toEqual(before);
    await startUntilDone();
    expect(await isOnDisk(3)).toBe(false);
  });

  it('waits for the next start where a transaction still sees it', async () => {
    await insert(4);
    const session = await database.session();
    await session.query('begin isolation level repeatable read');
    await session.query('select from privacy.rewritten');
    await erase(4);
    await start();
    expect(await isOnDisk(4)).toBe(true);
    await session.query('rollback');
    await session.release();
    await startUntilDone();
    expect(await isOnDisk(4)).toBe(false);
  });

  it('is vacuumed as soon as the server looks', async () => {
    const { rows } = await database.query<{ options: string[] }>(
      `select reloptions as options from pg_class
        where oid in ('privacy.subject_keys'::regclass, 'privacy.lookups'::regclass)`,
    );
    for (const { options } of rows)
      expect(options).toEqual(['autovacuum_vacuum_threshold=0', 'autovacuum_vacuum_scale_factor=0']);
    expect(rows).toHaveLength(2);
  });
});
