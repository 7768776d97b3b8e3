import { readConfig } from '@fintech-ledger/config';
import type { Config } from '@fintech-ledger/config';
import { embeddedUrl } from '@fintech-ledger/embedded-postgres';
import { openEventStoreDb, PostgresEventStore } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import { openPool, repositoryRoot } from '@fintech-ledger/installation';
import type { Database } from '@fintech-ledger/postgres';
import { liveTables } from '@fintech-ledger/projection-runtime';
import path from 'node:path';
import { modules } from '../../modules';
import { Failure } from './failure';
import { otherStore, ownersOf, selectKnownStore, storeName } from './own-store';

/** Database and event store, as the ledger's own processes have them. Nothing is written to either. */
export interface OpenedStore {
  readonly database: Database;
  readonly store: Pick<EventStore, 'readStream'>;
  /** Under which name the live rows of a projection have their checkpoints. */
  nameOf(projection: string): string;
  close(): Promise<void>;
}

/**
 * Opens them from the configuration of the environment; the ledger may be running.
 * @throws StoreUnavailable, Failure, ConfigInvalid
 */
export async function openStore(dataFolder: string | undefined): Promise<OpenedStore> {
  const config = readConfig({ DATA_DIR: dataFolder });
  const database = liveTables(openPool(await databaseUrl(config), 'ledgerctl', 2), modules.projections);
  // Its first statement looks up which sides are live.
  await database.query('select 1');
  const { eventStoreUrl } = config;
  const store =
    eventStoreUrl === undefined
      ? new PostgresEventStore({ database })
      : await openEventStoreDb({ url: eventStoreUrl });
  const known = await selectKnownStore(database);
  // What the names of this installation's streams begin with in a store that others may use too.
  const prefix = eventStoreUrl === undefined ? '' : (known?.prefix ?? '');
  const opened: OpenedStore = {
    database,
    nameOf: (projection) => database.nameOf(projection),
    store: {
      // Hashes are over the names that the ledger itself uses.
      readStream: async (stream, options) =>
        (await store.readStream(prefix + stream, options)).map((event) => ({ ...event, stream })),
    },
    async close() {
      await store.close();
      await database.close();
    },
  };
  try {
    const other = known && otherStore(known, await ownersOf(opened.store), storeName(config));
    if (other === undefined) return opened;
    throw new Failure(`Nothing was verified: ${other}. Check EVENT_STORE_URL and DATABASE_URL.`);
  } catch (error) {
    await opened.close();
    throw error;
  }
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
