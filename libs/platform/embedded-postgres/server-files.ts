import { randomBytes } from 'node:crypto';
import { chown, lchown, mkdir, readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { EmbeddedPostgresFailed } from './errors';
import { closedFolder } from './reachable';
import type { ServerUser } from './server-user';

/** Where root keeps binaries that the server's user can't reach where they are installed. */
const sharedBinaries = '/var/lib/fintech-ledger';

export interface ServerFiles {
  /** The cluster (PGDATA); it does not exist before the first start. */
  readonly data: string;
  /** For the Unix socket; beside `data`. */
  readonly run: string;
  readonly log: string;
  /** Of the superuser. */
  readonly password: string;
  readonly applicationPassword: string;
  /** Where binaries are copied to when they can't be used where they are. */
  readonly copies: string;
  /** Whether the server's user can't walk to the cluster by its path; see `enteredFolder`. */
  readonly isHidden: boolean;
}

/**
 * Makes the folders of one server below `directory`. When root starts it, the cluster belongs to the server's user and all else to root.
 * @throws EmbeddedPostgresFailed the way is closed to that user, and this system has no way around
 */
export async function prepareFiles(directory: string, user: ServerUser | undefined): Promise<ServerFiles> {
  await mkdir(directory, { recursive: true, mode: user === undefined ? 0o700 : 0o711 });
  const cluster = path.join(await realpath(directory), 'cluster');
  const run = path.join(cluster, 'run');
  await mkdir(run, { recursive: true, mode: 0o700 });
  if (user !== undefined) {
    for (const folder of [cluster, run]) await chown(folder, user.uid, user.gid);
    await giveTo(path.join(cluster, 'data'), user);
  }
  const closed = user === undefined ? undefined : await closedFolder(cluster, user);
  if (closed !== undefined && process.platform !== 'linux') {
    const reason = `the user ${user?.name ?? ''}, as whom root runs Postgres, may not enter ${closed}`;
    throw new EmbeddedPostgresFailed('not_writable', `${reason}: start it as an ordinary user`);
  }
  return {
    data: path.join(cluster, 'data'),
    run,
    log: path.join(directory, 'postgres.log'),
    password: path.join(directory, 'password'),
    applicationPassword: path.join(directory, 'application-password'),
    copies: user === undefined ? path.join(directory, 'binaries') : sharedBinaries,
    isHidden: closed !== undefined,
  };
}

/** A cluster that root restored from a backup, or that another user wrote, is given to the server's user; else nothing is touched. */
async function giveTo(data: string, user: ServerUser): Promise<void> {
  const owner = await stat(data).catch(() => undefined);
  if (owner === undefined || owner.uid === user.uid) return;
  const entries = await readdir(data, { recursive: true });
  // The folder itself last: whoever is interrupted begins again.
  for (const entry of [...entries, '.']) await lchown(path.join(data, entry), user.uid, user.gid);
}

/**
 * How a program that was started inside of `folder` names it. A folder below a home of mode 0700 can't be reached by its path by the
 * server's user, but it can be stood in: we enter it before we give root up, and /proc/self/cwd needs no way there.
 */
export function enteredFolder(folder: string, isHidden: boolean): string {
  return isHidden ? '/proc/self/cwd' : folder;
}

/** The password of a role: made once, kept in a file of mode 0600. */
export async function serverPassword(file: string): Promise<string> {
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (kept !== '') return kept;
  const made = randomBytes(24).toString('base64url');
  await writeFile(file, `${made}\n`, { mode: 0o600 });
  return made;
}
