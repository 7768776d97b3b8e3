import { readConfig } from '@fintech-ledger/config';
import type { Config } from '@fintech-ledger/config';
import { startEmbeddedPostgres } from '@fintech-ledger/embedded-postgres';
import type { EventStore } from '@fintech-ledger/event-store';
import {
  explainFileError,
  loadInstallation,
  lockFolder,
  openKafka,
  openOwnStreams,
  openPool,
  prepareDatabase,
  repositoryRoot,
} from '@fintech-ledger/installation';
import type { Installation } from '@fintech-ledger/installation';
import { readTopic } from '@fintech-ledger/kafka';
import { createLogger } from '@fintech-ledger/logging';
import type { Logger } from '@fintech-ledger/logging';
import type { Database } from '@fintech-ledger/postgres';
import type { RecoverOptions } from '@fintech-ledger/runtime';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Failure } from './failure';
import { storeName } from './own-store';

export interface RecoveryContext {
  readonly db: Database;
  readonly store: EventStore;
  readonly installation: Installation;
  /** Which event store this is, without credentials. */
  readonly storeName: string;
  readonly readTopic: RecoverOptions['readTopic'];
  close(): Promise<void>;
}

/** Opens database and event store as the ledger's own processes do, from the same configuration. @throws Failure, ConfigInvalid, StartupFailed */
export async function openRecovery(dataFolder: string | undefined): Promise<RecoveryContext> {
  const config = readConfig({ DATA_DIR: dataFolder });
  const log = createLogger(config.logLevel === 'info' ? 'warn' : config.logLevel, 'ledgerctl');
  const { url, stop } = await openDatabase(config);
  try {
    return await openParts(config, log, url, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openParts(
  config: Config,
  log: Logger,
  url: string,
  stop: () => Promise<void>,
): Promise<RecoveryContext> {
  const migrations = path.join(repositoryRoot(), 'schemas', 'sql');
  const installation = await prepareDatabase({ url, name: 'The database', migrations, log }, (db) =>
    loadInstallation(db, config.streamPrefix),
  );
  const db = openPool(url, 'ledgerctl', 4);
  const store = await openOwnStreams(config, { database: db, installation, log }).catch(
    async (error: unknown) => {
      await db.close();
      throw error;
    },
  );
  const kafka = config.kafka.brokers.length > 0 ? openKafka(config, 'ledgerctl', log) : undefined;
  return {
    db,
    store,
    installation,
    storeName: storeName(config),
    readTopic:
      kafka &&
      ((topic, onEvent) => readTopic(kafka, topic, onEvent).catch((error: unknown) => refuse(error))),
    async close() {
      await store.close();
      await db.close();
      await stop();
    },
  };
}

/** @throws Failure */
function refuse(error: unknown): never {
  if (!(error instanceof Error) || !error.name.startsWith('KafkaJS')) throw error;
  throw new Failure(`Kafka can't be read: ${error.message}. Nothing was changed.`);
}

/** By the owner of the tables where there is one: they may be of an earlier version, and are migrated. */
async function openDatabase(config: Config): Promise<{ url: string; stop: () => Promise<void> }> {
  const given = config.databaseOwnerUrl ?? config.databaseUrl;
  if (given !== undefined) return { url: given, stop: () => Promise.resolve() };
  const folder = config.dataDirectory ?? path.join(repositoryRoot(), '.data');
  if (!existsSync(path.join(folder, 'postgres')))
    throw new Failure(`There is no database in ${folder}: give --data-dir, or set DATABASE_URL.`);
  const unlock = await lockFolder(folder).catch((error: unknown) => {
    throw explainFileError(error, folder);
  });
  try {
    const server = await startEmbeddedPostgres({
      directory: path.join(folder, 'postgres'),
      log: (message) => console.error(message),
    });
    const stop = async (): Promise<void> => {
      try {
        await server.stop();
      } finally {
        await unlock();
      }
    };
    return { url: server.url, stop };
  } catch (error) {
    await unlock();
    throw error;
  }
}
