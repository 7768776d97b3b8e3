import { StoreUnavailable } from '@fintech-ledger/event-store';
import { WriterUnavailable } from '@fintech-ledger/journal';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { explainFileError } from './explain-file-error';
import { StartupFailed } from './startup-failed';
import { writeSecret } from './write-secret';

/** Where the first API key is kept in a data folder. */
export function firstApiKeyFile(folder: string): string {
  return path.join(folder, 'api-key');
}

/**
 * The first API key: from the data folder (mode 0600), when there is one, so that later starts can show it; made when it is not there.
 * @throws StartupFailed it can't be stored, or kept
 */
export async function firstApiKey(
  folder: string | undefined,
  create: () => Promise<string>,
): Promise<string> {
  const kept = folder && (await readFile(firstApiKeyFile(folder), 'utf8').catch(() => '')).trim();
  if (kept) return kept;
  try {
    const created = await create();
    if (folder === undefined) return created;
    await mkdir(folder, { recursive: true });
    await writeSecret(firstApiKeyFile(folder), created);
    return created;
  } catch (error) {
    if (error instanceof WriterUnavailable || error instanceof StoreUnavailable)
      throw new StartupFailed(`The first API key can't be stored: ${error.message}.`, { cause: error });
    throw folder === undefined ? error : explainFileError(error, folder);
  }
}
