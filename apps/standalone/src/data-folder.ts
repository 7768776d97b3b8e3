import { makeFolder } from '@fintech-ledger/config';
import { explainFileError, lockFolder, StartupFailed } from '@fintech-ledger/installation';
import { chmod, readdir, readFile, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

/** Raised when the folder's layout changes in a way that an older version can't read. */
const layoutVersion = 1;
const markerName = 'fintech-ledger.json';
const mebibyte = 1024 * 1024;
/** A new cluster with its first log segments takes 70 MiB; a start on an existing one needs room to finish recovery. */
const freeMinBytes = { first: 192 * mebibyte, later: 48 * mebibyte };

/** Secrets and books are in it. Where root can't take its server into a closed folder, that may walk through. */
const folderMode = process.geteuid?.() === 0 && process.platform !== 'linux' ? 0o711 : 0o700;

export interface DataFolder {
  readonly path: string;
  /** Where the embedded Postgres keeps its files. */
  readonly postgres: string;
  readonly isNew: boolean;
  unlock(): Promise<void>;
}

/**
 * Opens the data folder for this process, and makes it when it does not exist. A folder that is not ours is left untouched.
 * @throws StartupFailed in use, of a newer version, not ours, not writable, or the disk is full
 */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  try {
    await makeFolder(folder, folderMode);
    const isNew = await checkOwnership(folder);
    const unlock = await lockFolder(folder);
    try {
      // Of a file system that has no modes, or of another user, it stays as it is.
      await chmod(folder, folderMode).catch(() => undefined);
      await checkSpace(folder, isNew ? freeMinBytes.first : freeMinBytes.later);
      const marker = `${JSON.stringify({ layout: layoutVersion })}\n`;
      if (isNew) await writeFile(path.join(folder, markerName), marker);
    } catch (error) {
      await unlock();
      throw error;
    }
    return { path: folder, postgres: path.join(folder, 'postgres'), isNew, unlock };
  } catch (error) {
    throw explainFileError(error, folder);
  }
}

/** @returns whether this is the first start on it */
async function checkOwnership(folder: string): Promise<boolean> {
  const marker = await readFile(path.join(folder, markerName), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    },
  );
  if (marker === undefined) {
    // lost+found: the root of a file system that was mounted for this.
    const foreign = (await readdir(folder)).filter((name) => !/^lock(\.|$)|^lost\+found$/.test(name));
    if (foreign.length === 0) return true;
    throw new StartupFailed(
      `The folder ${folder} is not empty (${foreign[0]}) and is not a fintech-ledger data folder: choose an empty or new one with --data-dir.`,
    );
  }
  const layout = layoutOf(marker);
  if (layout === undefined) throw new StartupFailed(`The file ${path.join(folder, markerName)} is damaged.`);
  if (layout > layoutVersion) {
    throw new StartupFailed(
      `The data folder ${folder} was written by a newer version of fintech-ledger: start that version on it.`,
    );
  }
  return false;
}

function layoutOf(marker: string): number | undefined {
  try {
    const value: unknown = JSON.parse(marker);
    const hasLayout = typeof value === 'object' && value !== null && 'layout' in value;
    return hasLayout && typeof value.layout === 'number' ? value.layout : undefined;
  } catch {
    return undefined;
  }
}

async function checkSpace(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes) return;
  const [free, needed] = [freeBytes, neededBytes].map((bytes) => Math.floor(bytes / mebibyte));
  throw new StartupFailed(
    `The disk of the data folder ${folder} is full: ${free} MiB are free, ${needed} MiB are needed.`,
  );
}
