import {
  connect,
  DatabaseError,
  DatabaseIsNewer,
  DatabaseUnavailable,
  migrate,
  MigrationsDiffer,
} from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import type { Logger } from '@fintech-ledger/logging';
import { prepareApplicationRole } from './application-role';
import { assertSameDatabase, checkServer, placeOf } from './check-database';
import type { ApplicationRole } from './application-role';
import { rewriteErasedKeys } from './rewrite-erased-keys';
import { StartupFailed } from './startup-failed';

export interface DatabaseToPrepare {
  /** As the owner of the tables. */
  readonly url: string;
  /** Who the product connects as; absent: the owner. */
  readonly application?: ApplicationRole;
  /** How messages call the database: never its URL, which holds a password. */
  readonly name: string;
  /** The same as its owner names it; absent: as `name`. */
  readonly ownerName?: string;
  readonly migrations: string;
  readonly log: Logger;
}

/**
 * Connects, checks the server's version, migrates, gives the product's role its rights, and then does `work` as that role.
 * @throws StartupFailed
 */
export async function prepareDatabase<T>(
  options: DatabaseToPrepare,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  const { application, name, ownerName = name } = options;
  const prepare = async (db: Database): Promise<void> => {
    await checkServer(db, ownerName);
    const applied = await migrate(db, options.migrations);
    if (applied.length > 0) options.log.info({ applied }, 'database migrated');
    if (application !== undefined) await prepareApplicationRole(db, application);
    await rewriteErasedKeys(db, options.log);
  };
  if (application === undefined) {
    return connected(options.url, name, async (db) => {
      await prepare(db);
      await warnOfSuperuser(db, options);
      return work(db);
    });
  }
  await connected(options.url, ownerName, async (db) => {
    if (!application.isOurs)
      assertSameDatabase(await placeOf(db), await connected(application.url, name, placeOf));
    await prepare(db);
  });
  return connected(application.url, name, work);
}

/** A migration rewrites what there is, which may be much. */
const migrationMsMax = 3_600_000;

async function connected<T>(url: string, name: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = connect({
    connectionString: url,
    max: 2,
    applicationName: 'fintech-ledger-setup',
    statementTimeoutMs: migrationMsMax,
  });
  try {
    return await work(db);
  } catch (error) {
    throw explain(error, name);
  } finally {
    await db.close();
  }
}

async function warnOfSuperuser(db: Database, { name, log }: DatabaseToPrepare): Promise<void> {
  const { rows } = await db.query<{ setting: string }>(`select current_setting('is_superuser') as setting`);
  if (rows[0]?.setting === 'on')
    log.warn(`${name} is used as a superuser, who may change events: see DATABASE_OWNER_URL`);
}

function explain(error: unknown, name: string): unknown {
  if (error instanceof DatabaseIsNewer) {
    return new StartupFailed(
      `${name} was migrated by a newer version of fintech-ledger (it has ${error.unknownMigrations.join(', ')}): start that version on it.`,
    );
  }
  if (error instanceof MigrationsDiffer)
    return new StartupFailed(`${name} does not fit this version: ${error.message}.`);
  if (error instanceof DatabaseUnavailable)
    return new StartupFailed(`${name} can't be used: ${error.message}.`, { cause: error });
  if (!(error instanceof DatabaseError)) return error;
  const reason = refusals[error.sqlState] ?? 'refuses';
  return new StartupFailed(`${name} ${reason}: ${error.message} (SQLSTATE ${error.sqlState}).`, {
    cause: error,
  });
}

const refusals: Readonly<Record<string, string>> = {
  '28P01': 'refuses the password',
  '28000': 'refuses the login',
  '3D000': 'does not exist',
  '42501': 'refuses what this user needs to do',
};
