import { readConfig } from '@fintech-ledger/config';
import type { Config } from '@fintech-ledger/config';
import { embeddedUrl } from '@fintech-ledger/embedded-postgres';
import type { EventStore } from '@fintech-ledger/event-store';
import { createEventStore, openPool, repositoryRoot } from '@fintech-ledger/installation';
import { createLogger } from '@fintech-ledger/logging';
import type { Database } from '@fintech-ledger/postgres';
import path from 'node:path';
import { Failure } from './failure';

/** Database and event store, as the ledger's own processes have them. Nothing is written to either. */
export interface OpenedStore {
  readonly database: Database;
  readonly store: EventStore;
  close(): Promise<void>;
}

/** Opens them from the configuration of the environment; the ledger may be running. @throws Failure, ConfigInvalid */
export async function openStore(dataFolder: string | undefined): Promise<OpenedStore> {
  const config = readConfig({ DATA_DIR: dataFolder });
  const log = createLogger('warn', 'ledgerctl');
  const database = openPool(await databaseUrl(config), 'ledgerctl', 2);
  const store = await createEventStore(config, { database, log });
  return {
    database,
    store,
    async close() {
      await store.close();
      await database.close();
    },
  };
}

async function databaseUrl(config: Config): Promise<string> {
  if (config.databaseUrl !== undefined) return config.databaseUrl;
  const folder = config.dataDirectory ?? path.join(repositoryRoot(), '.data');
  const url = await embeddedUrl(path.join(folder, 'postgres'));
  if (url !== undefined) return url;
  throw new Failure(
    `No database runs in ${folder}: start the ledger, name its folder by --data-dir, or set DATABASE_URL.`,
  );
}
