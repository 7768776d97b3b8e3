import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

export interface WrittenFile {
  readonly lines: number;
  /** Of the whole file, hex. */
  readonly sha256: string;
}

/**
 * Writes lines of JSON to a new file of mode 0600, on the disk when this resolves.
 * @param write is given the function that writes a line
 * @throws EEXIST: nothing is overwritten
 */
export async function writeRecoveryFile(
  file: string,
  write: (line: (value: object) => Promise<void>) => Promise<void>,
): Promise<WrittenFile> {
  const handle = await open(file, 'wx', 0o600);
  const hash = createHash('sha256');
  let lines = 0;
  try {
    await write(async (value) => {
      const text = `${JSON.stringify(value)}\n`;
      hash.update(text);
      await handle.write(text);
      lines += 1;
    });
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { lines, sha256: hash.digest('hex') };
}
