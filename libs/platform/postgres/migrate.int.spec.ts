import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { connect } from './connect';
import { DatabaseIsNewer, MigrationsDiffer } from './errors';
import { migrate } from './migrate';
import type { Database } from './types';

describe('migrate', () => {
  let folder: string;
  let database: TestDatabase;
  let db: Database;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'migrations-'));
    database = await testDatabase(folder);
    db = connect({ connectionString: database.url, statementTimeoutMs: 30_000 });
    await write('0001-first.sql', 'create table first (id int); insert into first values (1);');
    await write('0002-second.sql', 'create table second (id int);');
  });
  afterEach(async () => {
    await db.close();
    await database.drop();
    await rm(folder, { recursive: true });
  });
  const write = (name: string, sql: string): Promise<void> => writeFile(path.join(folder, name), sql);

  it('applies what is missing, in order, once', async () => {
    expect(await migrate(db, folder)).toEqual(['0001-first', '0002-second']);
    expect(await migrate(db, folder)).toEqual([]);
    await write('0003-third.sql', 'alter table first add name text;');
    expect(await migrate(db, folder)).toEqual(['0003-third']);
    expect((await db.query('select number, name from meta.migrations order by number')).rows).toHaveLength(3);
  });

  it('two processes at once do it once', async () => {
    const applied = await Promise.all([migrate(db, folder), migrate(db, folder), migrate(db, folder)]);
    expect(applied.flat()).toEqual(['0001-first', '0002-second']);
  });

  it('refuses a database of a newer version and names what it does not know', async () => {
    await write('0003-future.sql', 'create table future (id int);');
    await migrate(db, folder);
    await rm(path.join(folder, '0003-future.sql'));
    await expect(migrate(db, folder)).rejects.toThrow(DatabaseIsNewer);
    await expect(migrate(db, folder)).rejects.toThrow('0003-future');
  });

  it('refuses an edited file and a late one', async () => {
    await migrate(db, folder);
    await write('0001-first.sql', 'create table first (id bigint);');
    await expect(migrate(db, folder)).rejects.toThrow(MigrationsDiffer);
    await write('0001-first.sql', 'create table first (id int); insert into first values (1);');
    await rm(path.join(folder, '0002-second.sql'));
    await expect(migrate(db, folder)).rejects.toThrow(DatabaseIsNewer);
  });

  it('refuses a file that sorts before one that was applied', async () => {
    await rm(path.join(folder, '0001-first.sql'));
    await migrate(db, folder);
    await write('0001-first.sql', 'create table first (id int);');
    await expect(migrate(db, folder)).rejects.toThrow(MigrationsDiffer);
  });

  it('leaves nothing of a file that fails, names it, and keeps those before it', async () => {
    await migrate(db, folder);
    await write('0003-broken.sql', 'create table half (id int); select 1/0;');
    await expect(migrate(db, folder)).rejects.toThrow('migration 0003-broken: division by zero');
    expect(
      (await db.query(`select to_regclass('half') as half, to_regclass('second') is null as missing`)).rows,
    ).toEqual([{ half: null, missing: false }]);
  });

  it('leaves a new database as it was where any file fails', async () => {
    await write('0003-broken.sql', 'create table half (id int); select 1/0;');
    await expect(migrate(db, folder)).rejects.toThrow('migration 0003-broken: division by zero');
    expect(
      (await db.query(`select to_regclass('half') as half, to_regclass('first') as first`)).rows,
    ).toEqual([{ half: null, first: null }]);
    await write('0003-broken.sql', 'create table half (id int);');
    expect(await migrate(db, folder)).toHaveLength(3);
  });

  it('mirrors the tables of read models in the transaction of each file, or applies nothing of it', async () => {
    await migrate(db, folder);
    await write(
      '0003-sides.sql',
      `create schema read; create table mirrored (columns int check (columns < 3));
       create function read.mirror() returns void language sql as
         $$ insert into mirrored select count(*) from information_schema.columns where table_name = 'second' $$;`,
    );
    await write('0004-column.sql', 'alter table second add name text;');
    await migrate(db, folder);
    await write('0005-more.sql', 'alter table second add more text;');
    await expect(migrate(db, folder)).rejects.toThrow('migration 0005-more');
    const { rows } = await db.query<{ columns: number }>(
      `select columns from mirrored union all
       select count(*)::int from information_schema.columns where table_name = 'second'`,
    );
    expect(rows.map(({ columns }) => columns)).toEqual([1, 2, 2]);
  });

  it('refuses two files of one number', async () => {
    await write('0002-again.sql', 'select 1;');
    await expect(migrate(db, folder)).rejects.toThrow('same number');
  });
});
