import { createLogger } from '@fintech-ledger/logging';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { prepareDatabase } from './prepare-database';
import { repositoryRoot } from './repository-root';

const migrations = path.join(repositoryRoot(), 'schemas', 'sql');

describe('databases that operators name by mistake', () => {
  const [role, latin] = ['role', 'latin'].map((kind) => `${kind}_${randomBytes(6).toString('hex')}`);
  let none: string;
  let owned: TestDatabase;
  let other: TestDatabase;
  let database: Database;

  const as = (url: string, who: string): string => url.replace(/\/\/[^@]*@/, `//${who}:word@`);
  const prepare = (url: string, application?: string): Promise<void> =>
    prepareDatabase(
      {
        url,
        ...(application === undefined ? {} : { application: { url: application, isOurs: false } }),
        ...{ name: 'The database of DATABASE_URL', ownerName: 'The database of DATABASE_OWNER_URL' },
        ...{ migrations, log: createLogger('silent', 'test') },
      },
      () => Promise.resolve(),
    );
  const isMigrated = async (): Promise<boolean> =>
    (await database.query(`select from pg_namespace where nspname = 'store'`)).rowCount === 1;

  beforeAll(async () => {
    none = await mkdtemp(path.join(os.tmpdir(), 'fintech-ledger-none-'));
    [owned, other] = [await testDatabase(none), await testDatabase(none)];
    database = connect({ connectionString: owned.url, max: 1, statementTimeoutMs: 30_000 });
    await database.query(`create role ${role} login password 'word'`);
    await database.query(`create database ${latin} encoding 'LATIN1' locale 'C' template template0`);
  });
  afterAll(async () => {
    await database?.query(`drop database if exists ${latin}`);
    await database?.close();
    for (const each of [owned, other]) await each?.drop();
    const server = await testDatabase(none);
    const last = connect({ connectionString: server.url, max: 1, statementTimeoutMs: 30_000 });
    await last.query(`drop role if exists ${role}`);
    await last.close();
    await server.drop();
    await rm(none, { recursive: true, force: true });
  });

  it('are two: nothing is migrated', async () => {
    await expect(prepare(owned.url, as(other.url, role ?? ''))).rejects.toThrow(/name two databases/);
    expect(await isMigrated()).toBe(false);
  });

  it('have another encoding than UTF8: nothing is migrated', async () => {
    const url = owned.url.replace(/test_[0-9a-f]+/, latin ?? '');
    await expect(prepare(url)).rejects.toThrow(/has the encoding LATIN1: make one with/);
  });

  it('are named by the variable that is wrong', async () => {
    const wrong = as(owned.url, 'nobody_at_all');
    await expect(prepare(wrong, as(owned.url, role ?? ''))).rejects.toThrow(
      /^The database of DATABASE_OWNER_URL /,
    );
    const nowhere = as(owned.url, role ?? '').replace(/test_[0-9a-f]+/, 'nowhere');
    await expect(prepare(owned.url, nowhere)).rejects.toThrow(/^The database of DATABASE_URL does not exist/);
    expect(await isMigrated()).toBe(false);
  });

  it('are one by two roles, also before the second role is there', async () => {
    await prepare(owned.url, as(owned.url, role ?? ''));
    expect(await isMigrated()).toBe(true);
  });
});
