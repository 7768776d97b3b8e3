import { createHash } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import path from 'node:path';

export interface WrittenFile {
  /** Without the last one, which says how many there are. */
  readonly lines: number;
  /** Of the whole file, hex. */
  readonly sha256: string;
}

/** Its name until it is whole. */
export const partOf = (file: string): string => `${file}.part`;

/**
 * Writes lines of JSON to a new file of mode 0600, on the disk when this resolves. It gets its name when it is whole:
 * until then it is `<file>.part`, which a later attempt replaces. Its last line is `{"kind":"end"}` with the number of
 * lines before it.
 * @param write is given the function that writes a line
 * @throws EEXIST: nothing is overwritten
 */
export async function writeRecoveryFile(
  file: string,
  write: (line: (value: object) => Promise<void>) => Promise<void>,
): Promise<WrittenFile> {
  // Refused before a long work, and not only after it.
  await refuseExisting(file);
  const part = partOf(file);
  await rm(part, { force: true });
  const handle = await open(part, 'wx', 0o600);
  const hash = createHash('sha256');
  let lines = 0;
  const append = async (value: object): Promise<void> => {
    const text = `${JSON.stringify(value)}\n`;
    hash.update(text);
    await handle.writeFile(text);
  };
  try {
    await write(async (value) => {
      await append(value);
      lines += 1;
    });
    await append({ kind: 'end', lines });
    await handle.sync();
  } catch (error) {
    // Half a file is of no use to anybody.
    await rm(part, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  // Unlike a rename, a link never replaces what is there.
  await link(part, file);
  await rm(part);
  await syncFolder(path.dirname(file));
  return { lines, sha256: hash.digest('hex') };
}

async function refuseExisting(file: string): Promise<void> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return;
  await handle.close();
  throw Object.assign(new Error(`EEXIST: ${file} exists`), { code: 'EEXIST', path: file });
}

/** So that the name is on the disk too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
