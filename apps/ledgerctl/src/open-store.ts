import { readConfig } from '@fintech-ledger/config';
import type { Config } from '@fintech-ledger/config';
import { embeddedUrl } from '@fintech-ledger/embedded-postgres';
import { openEventStoreDb, PostgresEventStore } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import { findPepper, openPool, repositoryRoot, StartupFailed } from '@fintech-ledger/installation';
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
  /** Opens the keys of personal values; undefined: it is not known here. */
  readonly pepper: string | undefined;
  close(): Promise<void>;
}

/**
 * Opens them from the configuration of the environment; the ledger may be running.
 * @throws StoreUnavailable, Failure, ConfigInvalid
 */
export async function openStore(dataFolder: string | undefined): Promise<OpenedStore> {
  const config = readConfig({ DATA_DIR: dataFolder });
  const database = liveTables(openPool(await databaseUrl(config), 'ledgerctl', 2), modules.projections);
  const closers = [() => database.close()];
  const close = async (): Promise<void> => {
    for (const each of closers.reverse()) await each();
  };
  try {
    // Its first statement looks up which sides are live.
    await database.query('select 1');
    const { eventStoreUrl } = config;
    const store =
      eventStoreUrl === undefined
        ? new PostgresEventStore({ database })
        : await openEventStoreDb({ url: eventStoreUrl });
    closers.push(() => store.close());
    const known = await selectKnownStore(database);
    // What the names of this installation's streams begin with in a store that others may use too.
    const prefix = eventStoreUrl === undefined ? '' : (known?.prefix ?? '');
    const opened: OpenedStore = {
      database,
      nameOf: (projection) => database.nameOf(projection),
      pepper: await pepperOf(config, database),
      store: {
        // Hashes are over the names that the ledger itself uses.
        readStream: async (stream, options) =>
          (await store.readStream(prefix + stream, options)).map((event) => ({ ...event, stream })),
      },
      close,
    };
    const other = known && otherStore(known, await ownersOf(opened.store), storeName(config));
    if (other === undefined) return opened;
    throw new Failure(`Nothing was verified: ${other}. Check EVENT_STORE_URL and DATABASE_URL.`);
  } catch (error) {
    await close();
    throw error;
  }
}

/** @throws Failure API_KEY_PEPPER is that of another database */
async function pepperOf(config: Config, database: Database): Promise<string | undefined> {
  try {
    return await findPepper(database, folderOf(config), config.apiKeyPepper);
  } catch (error) {
    if (error instanceof StartupFailed) throw new Failure(error.message);
    throw error;
  }
}

const folderOf = ({ dataDirectory }: Config): string => dataDirectory ?? path.join(repositoryRoot(), '.data');

async function databaseUrl(config: Config): Promise<string> {
  if (config.databaseUrl !== undefined) return config.databaseUrl;
  const folder = folderOf(config);
  const url = await embeddedUrl(path.join(folder, 'postgres'));
  if (url !== undefined) return url;
  throw new Failure(
    `No database runs in ${folder}: start the ledger, name its folder by --data-dir, or set DATABASE_URL.`,
  );
}
