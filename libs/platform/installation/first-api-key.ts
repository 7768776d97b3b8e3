import { makeFolder } from '@fintech-ledger/config';
import { StoreUnavailable } from '@fintech-ledger/event-store';
import { WriterUnavailable } from '@fintech-ledger/journal';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { explainFileError } from './explain-file-error';
import { StartupFailed } from './startup-failed';
import { writeSecret } from './write-secret';

/** The keys that a first start makes, by their files: of the live organization, and of its first sandbox. */
export type FirstKeyName = 'api-key' | 'sandbox-api-key';

/** Where a first API key is kept in a data folder. */
export function firstApiKeyFile(folder: string, name: FirstKeyName = 'api-key'): string {
  return path.join(folder, name);
}

/** That the folder had the key once. Who then removes the key's file asks for another one; who has a new folder does not. */
const madeFile = (folder: string, name: FirstKeyName): string => path.join(folder, `${name}.made`);
/** What is about to become the key: only who keeps it before it is made still has it when a start is interrupted. */
const nextFile = (folder: string, name: FirstKeyName): string => path.join(folder, `${name}.next`);
const madeText = (name: FirstKeyName): string =>
  `The first API key was kept here. When the file ${name} is not there, a start makes another one in place of it.`;

/** Makes the first API key. Undefined: it was made, and is revoked or not known here. */
export type CreateFirstKey = (draft: {
  /** Also where one was made already, and revoked or lost. */
  readonly mayReplace: boolean;
  readonly prepared: string | undefined;
  prepare(key: string): Promise<void>;
}) => Promise<string | undefined>;
export type CreateFirstKeys = Readonly<Record<FirstKeyName, CreateFirstKey>>;

/**
 * The first API key: from the data folder (mode 0600), when there is one, so that later starts can show it.
 * Made when it is not there. Undefined: it was made, and nobody here has it, or it was revoked and nobody asks
 * for another one.
 * @throws StartupFailed it can't be stored, or kept
 */
export async function firstApiKey(
  folder: string | undefined,
  create: CreateFirstKey,
  name: FirstKeyName = 'api-key',
): Promise<string | undefined> {
  try {
    if (folder === undefined)
      return await create({ mayReplace: false, prepared: undefined, prepare: () => Promise.resolve() });
    await makeFolder(folder, 0o700);
    const wasMade = await read(madeFile(folder, name));
    const kept = await read(firstApiKeyFile(folder, name));
    const key = kept === '' ? await createIn(folder, name, wasMade !== '', create) : kept;
    if (key === undefined) return undefined;
    if (kept === '') await writeSecret(firstApiKeyFile(folder, name), key);
    if (wasMade === '') await writeSecret(madeFile(folder, name), madeText(name));
    await rm(nextFile(folder, name), { force: true });
    return key;
  } catch (error) {
    if (error instanceof WriterUnavailable || error instanceof StoreUnavailable)
      throw new StartupFailed(`The first API key can't be stored: ${error.message}.`, { cause: error });
    throw folder === undefined ? error : explainFileError(error, folder);
  }
}

async function createIn(
  folder: string,
  name: FirstKeyName,
  mayReplace: boolean,
  create: CreateFirstKey,
): Promise<string | undefined> {
  const prepared = await read(nextFile(folder, name));
  return create({
    mayReplace,
    prepared: prepared === '' ? undefined : prepared,
    prepare: (key) => writeSecret(nextFile(folder, name), key),
  });
}

async function read(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).trim();
}
