import { ConfigInvalid, makeFolder } from '@fintech-ledger/config';
import { createReadStream } from 'node:fs';
import { access, constants, open, readdir, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { SpooledFile } from '@fintech-ledger/books/formats';
import { ApiProblem, unavailable } from '@fintech-ledger/http';
import { importBytesMax, readBytes } from './limits';

const ending = '.import';

/** Where files to import are put while they are read twice, and how many bytes of them there may be at a time. */
export interface SpoolOptions {
  readonly folder: string;
  readonly bytesMax: number;
}

/**
 * A bounded folder for files to import. A file has no name from the moment it is open, so that none outlives its
 * process; what a kill leaves behind between the two is removed at the next start.
 */
export class Spool {
  private bytes = 0;

  private constructor(private readonly options: SpoolOptions) {}

  /** @throws ConfigInvalid the folder can't be made, or written */
  static async open(options: SpoolOptions): Promise<Spool> {
    try {
      await makeFolder(options.folder, 0o700);
      await access(options.folder, constants.W_OK | constants.X_OK);
      const left = (await readdir(options.folder)).filter((name) => name.endsWith(ending));
      await Promise.all(left.map((name) => rm(path.join(options.folder, name), { force: true })));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new ConfigInvalid([`IMPORT_SPOOL_DIR must be a folder that can be written (${why})`]);
    }
    return new Spool(options);
  }

  /** Of all files that are in it now. */
  get bytesUsed(): number {
    return this.bytes;
  }

  /**
   * Keeps a body for as long as `use` takes.
   * @throws ApiProblem `body_too_large`; `unavailable` when the spool or the disk is full
   */
  async keep<T>(body: AsyncIterable<Buffer>, use: (file: SpooledFile) => Promise<T>): Promise<T> {
    const file = await this.nameless();
    let bytes = 0;
    try {
      for await (const chunk of body) {
        bytes += chunk.length;
        this.bytes += chunk.length;
        this.check(bytes);
        await write(file, chunk);
      }
      const read = (): AsyncIterable<Uint8Array> =>
        createReadStream('', { fd: file, start: 0, autoClose: false, highWaterMark: readBytes });
      return await use({ bytes, read });
    } finally {
      this.bytes -= bytes;
      await file.close();
    }
  }

  private async nameless(): Promise<FileHandle> {
    const name = path.join(this.options.folder, `${randomUUID()}${ending}`);
    const file = await open(name, 'wx+', 0o600);
    await rm(name, { force: true });
    return file;
  }

  private check(bytes: number): void {
    const { bytesMax } = this.options;
    const most = Math.min(importBytesMax, bytesMax);
    if (bytes > most) {
      throw new ApiProblem('body_too_large', `A file to import has at most ${most} bytes.`);
    }
    if (this.bytes > bytesMax) throw unavailable('Other files to import take all the room there is.', 60);
  }
}

async function write(file: FileHandle, chunk: Buffer): Promise<void> {
  try {
    for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at)).bytesWritten;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
    throw unavailable('There is no room on the disk for the file to import.', 60);
  }
}
