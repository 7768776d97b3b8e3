import { connect, DatabaseError, migrate } from '@fintech-ledger/postgres';
import type { Sql } from '@fintech-ledger/postgres';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { testServer } from './test-server';

export interface TestDatabase {
  readonly url: string;
  /** Removes the database; connections to it are cut off. */
  drop(): Promise<void>;
}

/** The repository's own migrations. */
const migrationsFolder = path.resolve(__dirname, '../../../schemas/sql');
/** An advisory lock of the server's `postgres` database: one process at a time makes the template. */
const templateLock = '4021196508128';

/**
 * A fresh database with all migrations applied (or those of another folder), for one test file. It is copied from a template
 * that is made once per server, so it costs some 50 ms.
 */
export async function testDatabase(migrations: string = migrationsFolder): Promise<TestDatabase> {
  const server = await testServer();
  const template = await existingTemplate(server, migrations);
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(server, (sql) => sql.query(`create database ${name} template ${template}`));
  return {
    url: databaseUrl(server, name),
    drop: () =>
      administer(server, async (sql) => {
        await sql.query(`drop database if exists ${name} with (force)`);
      }),
  };
}

async function existingTemplate(server: string, migrations: string): Promise<string> {
  const name = `template_${await contentHash(migrations)}`;
  await administer(server, async (sql) => {
    await sql.query('select pg_advisory_lock($1)', [templateLock]);
    const { rowCount } = await sql.query('select from pg_database where datname = $1', [name]);
    if (rowCount > 0) return;
    // Renamed when it is whole: a run that was killed leaves no half of it.
    const draft = `${name}_draft`;
    await sql.query(`drop database if exists ${draft} with (force)`);
    await sql.query(`create database ${draft} template template0`);
    const db = connect({ connectionString: databaseUrl(server, draft), max: 1, statementTimeoutMs: 30_000 });
    try {
      await migrate(db, migrations);
    } finally {
      await db.close();
    }
    await renameUnused(sql, draft, name);
  });
  return name;
}

async function renameUnused(sql: Sql, draft: string, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await sql.query(`alter database ${draft} rename to ${name}`);
      return;
    } catch (error) {
      // 55006: the server has not noticed yet that our connection is closed.
      if (!(error instanceof DatabaseError) || error.sqlState !== '55006' || attempt === 100) throw error;
      await delay(10);
    }
  }
}

async function administer<T>(server: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const db = connect({
    connectionString: databaseUrl(server, 'postgres'),
    max: 1,
    statementTimeoutMs: 30_000,
  });
  try {
    // A session, so that the advisory lock ends with it.
    return await work(await db.session());
  } finally {
    await db.close();
  }
}

function databaseUrl(server: string, database: string): string {
  return server.replace(/^(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${database}`);
}

async function contentHash(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await readdir(folder)).sort())
    hash.update(file).update(await readFile(path.join(folder, file)));
  return hash.digest('hex').slice(0, 16);
}
