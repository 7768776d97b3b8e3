import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { SpooledFile } from '@fintech-ledger/books/formats';
import { ApiProblem, unavailable } from '@fintech-ledger/http';
import { importBytesMax } from './limits';

/**
 * Puts a body into a temporary file, because an import reads it twice, and removes it when `use` is done.
 * @throws ApiProblem `body_too_large`; `unavailable` when the disk is full
 */
export async function spooled<T>(
  body: AsyncIterable<Buffer>,
  use: (file: SpooledFile) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(path.join(tmpdir(), 'ledger-import-'));
  try {
    const name = path.join(directory, 'body');
    const bytes = await write(body, name);
    return await use({ bytes, read: () => createReadStream(name, { highWaterMark: 262_144 }) });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function write(body: AsyncIterable<Buffer>, name: string): Promise<number> {
  let bytes = 0;
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > importBytesMax) {
        throw new ApiProblem('body_too_large', `A file to import has at most ${importBytesMax} bytes.`);
      }
      yield chunk;
    }
  };
  try {
    await pipeline(counted, createWriteStream(name, { mode: 0o600 }));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
    throw unavailable('There is no room on the disk for the file to import.', 60);
  }
  return bytes;
}
