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
import { StartupFailed } from './startup-failed';

const oldestServer = 150_000;

/**
 * Connects, checks the server's version, migrates, and then does `work` on the connection.
 * @param name how messages call the database: never its URL, which holds a password
 * @throws StartupFailed
 */
export async function prepareDatabase<T>(
  options: { readonly url: string; readonly name: string; readonly migrations: string; readonly log: Logger },
  work: (db: Database) => Promise<T>,
): Promise<T> {
  const db = connect({ connectionString: options.url, max: 2, applicationName: 'fintech-ledger-setup' });
  try {
    await checkServer(db, options.name);
    const applied = await migrate(db, options.migrations);
    if (applied.length > 0) options.log.info({ applied }, 'database migrated');
    return await work(db);
  } catch (error) {
    throw explain(error, options.name);
  } finally {
    await db.close();
  }
}

async function checkServer(db: Database, name: string): Promise<void> {
  const { rows } = await db.query<{ version: string }>(
    `select current_setting('server_version_num') as version`,
  );
  const version = Number(rows[0]?.version);
  if (version >= oldestServer) return;
  throw new StartupFailed(`${name} is PostgreSQL ${Math.floor(version / 10_000)}: 15 or later is needed.`);
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
