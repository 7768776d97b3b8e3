import type { Config } from '@fintech-ledger/config';
import type { Logger } from '@fintech-ledger/logging';
import path from 'node:path';
import { loadInstallation } from './installation';
import type { Installation } from './installation';
import { loadPepper } from './pepper';
import { prepareDatabase } from './prepare-database';
import type { DatabaseToPrepare } from './prepare-database';
import { repositoryRoot } from './repository-root';
import { StartupFailed } from './startup-failed';

/**
 * What every process of the distributed mode does first: checks and migrates the database of DATABASE_URL, and makes the installation;
 * whichever comes first does it.
 * @throws StartupFailed
 */
export async function prepareInstallation(
  config: Config,
  log: Logger,
): Promise<{ databaseUrl: string; installation: Installation }> {
  const { databaseUrl } = config;
  if (databaseUrl === undefined)
    throw new StartupFailed('DATABASE_URL must name the Postgres that all processes share.');
  const installation = await prepareDatabase(migrationsOf(config, databaseUrl, log), (db) =>
    loadInstallation(db, config.streamPrefix),
  );
  return { databaseUrl, installation };
}

/** The secret that api and writers share. @throws StartupFailed it is not set, or not this database's */
export async function sharedPepper(config: Config, databaseUrl: string, log: Logger): Promise<string> {
  const { apiKeyPepper } = config;
  if (apiKeyPepper === undefined) {
    throw new StartupFailed(
      'API_KEY_PEPPER must be set to a secret of at least 32 characters, the same for api and writers.',
    );
  }
  return prepareDatabase(migrationsOf(config, databaseUrl, log), (db) =>
    loadPepper(db, '', apiKeyPepper, log),
  );
}

const ownerName = 'The database of DATABASE_OWNER_URL';

function migrationsOf({ databaseOwnerUrl }: Config, url: string, log: Logger): DatabaseToPrepare {
  return {
    ...(databaseOwnerUrl === undefined
      ? { url }
      : { url: databaseOwnerUrl, application: { url, isOurs: false }, ownerName }),
    log,
    name: 'The database of DATABASE_URL',
    migrations: path.join(repositoryRoot(), 'schemas', 'sql'),
  };
}
