import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { identify, isRunning } from './process-identity';
import type { ProcessIdentity } from './process-identity';
import { StartupFailed } from './startup-failed';

/**
 * Takes the folder for this process. The lock is a file that names its owner, so it outlives a kill -9 but does not bind: the next
 * start sees that its owner is gone.
 * @returns gives the folder back
 * @throws StartupFailed a living process has it
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = path.join(folder, 'lock');
  const mine = `${JSON.stringify(identify(process.pid))}\n`;
  for (let attempt = 0; attempt < 10; attempt += 1) {
    if (await createWhole(file, mine)) return () => rm(file, { force: true });
    const found = await readFile(file, 'utf8').catch(() => '');
    const owner = parseOwner(found);
    if (owner !== undefined && isRunning(owner)) throw inUse(folder, owner);
    await removeStale(file, found);
  }
  throw new StartupFailed(`The data folder ${folder} is being taken by another process just now.`);
}

/** Creates the file with its content in one step (a link to a finished file), so that nobody reads half of it. */
async function createWhole(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, content, { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes exactly the lock that was seen: another start may have replaced it meanwhile. */
async function removeStale(file: string, seen: string): Promise<void> {
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, 'utf8')) !== seen) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

function parseOwner(text: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('startedAt' in value))
      return undefined;
    const { pid, startedAt } = value;
    return typeof pid === 'number' && typeof startedAt === 'string' ? { pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}

function inUse(folder: string, { pid }: ProcessIdentity): StartupFailed {
  return new StartupFailed(
    `The data folder ${folder} is in use by another fintech-ledger (process ${pid}): stop that one, or choose another folder with --data-dir.`,
  );
}
