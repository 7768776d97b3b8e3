import type { Config } from '@fintech-ledger/config';
import {
  explainFileError,
  loadInstallation,
  loadPepper,
  prepareDatabase,
  repositoryRoot,
  StartupFailed,
} from '@fintech-ledger/installation';
import { Alarms } from '@fintech-ledger/health';
import type { DatabaseToPrepare, FirstKeyName } from '@fintech-ledger/installation';
import { logToFile } from '@fintech-ledger/logging';
import type { Logger } from '@fintech-ledger/logging';
import { stopInOrder } from '@fintech-ledger/runtime';
import type { Closer } from '@fintech-ledger/runtime';
import { firstKeyInTime } from '../../api/src';
import { hash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { checkPort, explainListenError } from './check-port';
import { startServices } from './compose';
import { openDataFolder } from './data-folder';
import { openDatabase } from './open-database';
import type { RunningDatabase } from './open-database';

export interface Standalone {
  readonly url: string;
  /** Undefined: it was revoked, or is not known here. */
  readonly apiKey: string | undefined;
  /** Likewise, of the first sandbox. */
  readonly sandboxApiKey: string | undefined;
  readonly dataFolder: string;
  /** Where the log goes; undefined: to standard error. */
  readonly logFile: string | undefined;
  readonly isNew: boolean;
  /** @param sinceMs when it was told to (`performance.now()`) @returns what did not close in time */
  stop(sinceMs: number): Promise<readonly string[]>;
}

/**
 * Starts everything in this process: data folder, database, migrations, services, first API keys. What was started is stopped again
 * when a later step fails, or when `signal` is aborted meanwhile.
 * @throws StartupFailed
 */
export async function startStandalone(config: Config, log: Logger, signal: AbortSignal): Promise<Standalone> {
  const closers: Closer[] = [];
  const stop = (sinceMs?: number): Promise<readonly string[]> => stopInOrder(closers, log, sinceMs);
  const alarms = new Alarms();
  const root = repositoryRoot();
  const dataFolder = config.dataDirectory ?? path.join(root, '.data');
  try {
    const folder = await openDataFolder(dataFolder);
    closers.unshift({ name: 'data folder', close: () => folder.unlock() });
    const logFile = process.stderr.isTTY ? path.join(folder.path, 'log', 'ledger.log') : undefined;
    // A person's terminal is no place for a line for every request.
    if (logFile !== undefined) logToFile(logFile);
    if (config.port !== 0) await checkPort(config.host, config.port);
    signal.throwIfAborted();

    const database = await openDatabase(config, folder, log);
    closers.unshift({ name: 'Postgres', close: (withinMs) => database.stop(withinMs), reserveMs: 1_500 });
    signal.throwIfAborted();

    const prepared = databaseToPrepare(database, path.join(root, 'schemas', 'sql'), log);
    const { installation, pepper } = await prepareDatabase(prepared, async (db) => ({
      installation: await loadInstallation(db, config.streamPrefix),
      pepper: await loadPepper(db, folder.path, config.apiKeyPepper, log),
    }));
    signal.throwIfAborted();

    const services = await startServices({
      config,
      databaseUrl: database.url,
      installation,
      pepper,
      log,
      alarms,
      logFile,
      signal,
      dataFolder: folder.path,
      isAlone: database.isEmbedded && config.eventStoreUrl === undefined,
      instanceId: hash('sha256', `${os.hostname()}\n${folder.path}`, 'hex'),
    }).catch((error: unknown) => {
      throw explainListenError(error, config.host, config.port);
    });
    closers.unshift(...services.closers);
    const keyOf = async (name: FirstKeyName): Promise<string | undefined> => {
      const create = services.createKeys;
      const key = await firstKeyInTime({ folder: folder.path, create, name, signal });
      if (key !== undefined) await services.untilKeyWorks(key);
      return key;
    };
    const apiKey = await keyOf('api-key');
    const sandboxApiKey = await keyOf('sandbox-api-key');
    services.started();
    signal.throwIfAborted();
    return { url: services.url, apiKey, sandboxApiKey, dataFolder, logFile, isNew: folder.isNew, stop };
  } catch (error) {
    await stop();
    throw error instanceof StartupFailed ? error : explainFileError(error, dataFolder);
  }
}

function databaseToPrepare(
  { url, ownerUrl, isEmbedded }: RunningDatabase,
  migrations: string,
  log: Logger,
): DatabaseToPrepare {
  const roles =
    ownerUrl === undefined ? { url } : { url: ownerUrl, application: { url, isOurs: isEmbedded } };
  const name = isEmbedded ? 'The embedded database' : 'The database of DATABASE_URL';
  const ownerName = isEmbedded ? name : 'The database of DATABASE_OWNER_URL';
  return { ...roles, name, ...(ownerUrl === undefined ? {} : { ownerName }), migrations, log };
}
