import type { Config } from '@fintech-ledger/config';
import {
  EmbeddedPostgresFailed,
  PlatformNotSupported,
  startEmbeddedPostgres,
} from '@fintech-ledger/embedded-postgres';
import { explainFileError, StartupFailed } from '@fintech-ledger/installation';
import type { Logger } from '@fintech-ledger/logging';
import type { DataFolder } from './data-folder';

export interface RunningDatabase {
  /** Who the product connects as. */
  readonly url: string;
  /** Who migrates, when that is another role, which owns the tables. */
  readonly ownerUrl: string | undefined;
  /** It is a server of ours, and so are its roles. */
  readonly isEmbedded: boolean;
  stop(withinMs: number): Promise<void>;
}

/** The database of DATABASE_URL when that is set, else the embedded Postgres of the data folder. @throws StartupFailed */
export async function openDatabase(
  { databaseUrl, databaseOwnerUrl }: Pick<Config, 'databaseUrl' | 'databaseOwnerUrl'>,
  folder: DataFolder,
  log: Logger,
): Promise<RunningDatabase> {
  if (databaseUrl !== undefined) {
    const stop = (): Promise<void> => Promise.resolve();
    return { url: databaseUrl, ownerUrl: databaseOwnerUrl, isEmbedded: false, stop };
  }
  try {
    const server = await startEmbeddedPostgres({
      directory: folder.postgres,
      log: (message) => log.warn(message),
    });
    const { url: ownerUrl, applicationUrl: url } = server;
    return { url, ownerUrl, isEmbedded: true, stop: (withinMs) => server.stop(withinMs) };
  } catch (error) {
    throw explain(error, folder.path);
  }
}

function explain(error: unknown, folder: string): unknown {
  if (error instanceof PlatformNotSupported)
    return new StartupFailed(capitalised(error.message), { cause: error });
  if (!(error instanceof EmbeddedPostgresFailed)) return explainFileError(error, folder);
  switch (error.reason) {
    case 'disk_full':
      return explainFileError({ code: 'ENOSPC' }, folder);
    case 'not_writable':
      return new StartupFailed(
        `The data folder ${folder} can't be written by Postgres. ${capitalised(error.message)}`,
      );
    case 'newer_version':
      return new StartupFailed(
        `The data folder ${folder} was written by a newer version of fintech-ledger: start that version on it (${error.message}).`,
      );
    case 'older_version':
      return new StartupFailed(
        `The data folder ${folder} needs an upgrade first: ${error.message}. Dump it with its own version and load it into a new folder.`,
      );
    case 'other':
      return new StartupFailed(capitalised(error.message), { cause: error });
  }
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
