import type { Config } from '@fintech-ledger/config';
import type { Logger } from '@fintech-ledger/logging';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { CannotStart } from '@fintech-ledger/service';
import path from 'node:path';
import { loadPepper } from '../../standalone/src/pepper';
import { prepareDatabase } from '../../standalone/src/prepare-database';
import { repositoryRoot } from '../../standalone/src/repository-root';

/**
 * What every process of the distributed mode does first: checks and migrates the database of DATABASE_URL; whichever comes first does it.
 * @throws CannotStart, StartupFailed
 */
export async function prepareInstallation(config: Config, log: Logger): Promise<{ databaseUrl: string }> {
  const { databaseUrl } = config;
  if (databaseUrl === undefined)
    throw new CannotStart('DATABASE_URL must name the Postgres that all processes share.');
  await prepareDatabase(migrationsOf(databaseUrl, log), () => Promise.resolve());
  return { databaseUrl };
}

/** The secret that api and writers share. @throws CannotStart it is not set; StartupFailed it is not this database's */
export async function sharedPepper(config: Config, databaseUrl: string, log: Logger): Promise<string> {
  const { apiKeyPepper } = config;
  if (apiKeyPepper === undefined) {
    throw new CannotStart(
      'API_KEY_PEPPER must be set to a secret of at least 32 characters, the same for api and writers.',
    );
  }
  return prepareDatabase(migrationsOf(databaseUrl, log), (db) => loadPepper(db, '', apiKeyPepper));
}

/** A pool of connections for one purpose. */
export function openPool(connectionString: string, purpose: string, max: number): Database {
  return connect({
    connectionString,
    max,
    applicationName: `fintech-ledger-${purpose}`,
    statementTimeoutMs: 30_000,
  });
}

function migrationsOf(url: string, log: Logger) {
  return {
    url,
    log,
    name: 'The database of DATABASE_URL',
    migrations: path.join(repositoryRoot(), 'schemas', 'sql'),
  };
}
