import type { SpoolOptions } from '@fintech-ledger/books/nest';
import type { Config } from '@fintech-ledger/config';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where this process puts files to import; `dataFolder`: undefined where there is none. */
export function importSpoolOf(config: Config, dataFolder: string | undefined): SpoolOptions {
  const byDefault =
    dataFolder === undefined
      ? path.join(tmpdir(), 'fintech-ledger-import-spool')
      : path.join(dataFolder, 'import-spool');
  return { folder: config.importSpoolDirectory ?? byDefault, bytesMax: config.importSpoolBytesMax };
}
