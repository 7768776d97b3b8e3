import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isAlive, isPostmasterOf, readPostmasterPid } from './postmaster-pid';
import type { ServerFiles } from './server-files';

/**
 * Removes what a killed server left in its folders and another one would take for a living server: Postgres looks only at whether a
 * process of that number exists, which a zombie that nobody has waited for yet does, and a stranger with the same number too. What
 * keeps two servers apart is the shared memory, which Postgres finds by its data folder.
 */
export async function removeStaleLocks({ data, run }: ServerFiles): Promise<void> {
  const left = await readPostmasterPid(data);
  if (left !== undefined) {
    if (await isPostmasterOf(left.pid, data)) return;
    if (isAlive(left.pid)) await rm(path.join(data, 'postmaster.pid'), { force: true });
  }
  for (const name of await readdir(run).catch(() => [])) {
    if (name.startsWith('.s.PGSQL.')) await rm(path.join(run, name), { force: true });
  }
}
