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

/** That the folder had the key once. Who then removes the key's file asks for another one; who has a new folder does not. */
const madeFile = (folder: string): string => path.join(folder, 'api-key.made');
const madeText =
  'The first API key was kept here. When it is revoked and the file api-key is removed, a start makes another one.';

/**
 * The first API key: from the data folder (mode 0600), when there is one, so that later starts can show it.
 * Made when it is not there. Undefined: it was made, and revoked, and nobody asks for another one.
 * @param create makes it; `mayReplace`: also where one was made already, and revoked
 * @throws StartupFailed it can't be stored, or kept
 */
export async function firstApiKey(
  folder: string | undefined,
  create: (mayReplace: boolean) => Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    if (folder === undefined) return await create(false);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const wasMade = await read(madeFile(folder));
    const kept = await read(firstApiKeyFile(folder));
    const key = kept === '' ? await create(wasMade !== '') : kept;
    if (key === undefined) return undefined;
    if (kept === '') await writeSecret(firstApiKeyFile(folder), key);
    if (wasMade === '') await writeSecret(madeFile(folder), madeText);
    return key;
  } catch (error) {
    if (error instanceof WriterUnavailable || error instanceof StoreUnavailable)
      throw new StartupFailed(`The first API key can't be stored: ${error.message}.`, { cause: error });
    throw folder === undefined ? error : explainFileError(error, folder);
  }
}

async function read(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).trim();
}
