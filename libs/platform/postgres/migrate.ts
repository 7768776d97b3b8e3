import { DatabaseError, DatabaseIsNewer, MigrationsDiffer } from './errors';
import { readMigrations } from './migration-files';
import type { Migration } from './migration-files';
import type { Database, Sql } from './types';

interface AppliedRow {
  number: number;
  name: string;
  checksum: string;
}

/** Any number that only this uses: the advisory lock under which one process at a time migrates. */
const migrationLock = '4021196508127';

/**
 * Brings the database up to the numbered files of a folder, each in a transaction of its own together with its row in
 * `meta.migrations`; a new database gets all of them in one. Processes that start at once wait for each other.
 * @returns the names of what was applied now
 * @throws DatabaseIsNewer the database knows migrations that the folder does not; nothing was changed
 * @throws MigrationsDiffer an applied file was edited, or a file sorts before one that was applied; nothing was changed
 * @throws DatabaseUnavailable, DatabaseError
 */
export async function migrate(db: Database, directory: string): Promise<readonly string[]> {
  const migrations = await readMigrations(directory);
  const session = await db.session();
  try {
    await session.query('select pg_advisory_lock($1)', [migrationLock]);
    const pending = pendingMigrations(migrations, await appliedMigrations(session));
    if (pending.length === migrations.length) await applyTogether(session, pending);
    else for (const migration of pending) await applyTogether(session, [migration]);
    return pending.map(({ name }) => name);
  } finally {
    await session.release();
  }
}

async function appliedMigrations(sql: Sql): Promise<readonly AppliedRow[]> {
  const { rows } = await sql.query<{ known: boolean }>(
    `select to_regclass('meta.migrations') is not null as known`,
  );
  if (rows[0]?.known !== true) {
    await sql.query(`begin;
      create schema if not exists meta;
      create table meta.migrations (
        number integer primary key,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null default now()
      );
      commit`);
  }
  return (await sql.query<AppliedRow>('select number, name, checksum from meta.migrations order by number'))
    .rows;
}

function pendingMigrations(
  migrations: readonly Migration[],
  applied: readonly AppliedRow[],
): readonly Migration[] {
  const known = new Map(migrations.map((migration) => [migration.number, migration]));
  const unknown = applied.filter(({ number }) => !known.has(number));
  if (unknown.length > 0) throw new DatabaseIsNewer(unknown.map(({ name }) => name));
  for (const row of applied) {
    if (known.get(row.number)?.checksum !== row.checksum) {
      throw new MigrationsDiffer(`migration ${row.name} was changed after it was applied to this database`);
    }
  }
  const last = applied.at(-1)?.number ?? -1;
  const done = new Set(applied.map(({ number }) => number));
  const pending = migrations.filter(({ number }) => !done.has(number));
  const late = pending.find(({ number }) => number < last);
  if (late !== undefined)
    throw new MigrationsDiffer(`migration ${late.name} comes before one that was applied already`);
  return pending;
}

/**
 * What a migration changed of the read models' tables is changed of their second side too, in its transaction: no crash
 * comes between, and no process that starts meanwhile sees one side without the other.
 */
async function mirror(sql: Sql): Promise<void> {
  const { rows } = await sql.query<{ known: boolean }>(
    `select to_regprocedure('read.mirror()') is not null as known`,
  );
  if (rows[0]?.known === true) await sql.query('select read.mirror()');
}

/** All of them or none. What a new database is made in is mostly the mirroring of tables: once does for all files. */
async function applyTogether(sql: Sql, migrations: readonly Migration[]): Promise<void> {
  await sql.query('begin');
  try {
    for (const migration of migrations) await named(migration, () => apply(sql, migration));
    await named(migrations.at(-1), async () => {
      await mirror(sql);
      await sql.query('commit');
    });
  } catch (error) {
    await sql.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function apply(sql: Sql, { number, name, sql: statements, checksum }: Migration): Promise<void> {
  await sql.query(statements);
  await sql.query('insert into meta.migrations (number, name, checksum) values ($1, $2, $3)', [
    number,
    name,
    checksum,
  ]);
}

/** Names the migration in what the server refuses of it. */
async function named(migration: Migration | undefined, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const { message, sqlState, constraint } = error;
    throw new DatabaseError(`migration ${migration?.name}: ${message}`, sqlState, constraint, {
      cause: error,
    });
  }
}
