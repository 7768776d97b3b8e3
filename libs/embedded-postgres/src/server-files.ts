import { randomBytes } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { closedFolder } from './reachable';
import type { ServerUser } from './server-user';

/** Where root keeps what the server's user must reach when the folder it was given is closed to that user. */
const sharedState = '/var/lib/fintech-ledger';

export interface ServerFiles {
  /** The cluster (PGDATA); it does not exist before the first start. */
  readonly data: string;
  /** For the Unix socket. */
  readonly run: string;
  readonly log: string;
  readonly password: string;
  /** Where binaries are copied to when they can't be used where they are. */
  readonly copies: string;
}

/**
 * Makes the folders of one server below `directory`. Without root all of it lies there. Root's server runs as another user, who must
 * be able to walk in: `directory` and those of `mayOpen` are opened for passing through (0711), and when something else on the way is
 * closed (a home of mode 0700), `directory` holds a link `cluster` to a folder in /var/lib/fintech-ledger instead.
 */
export async function prepareFiles(
  directory: string,
  user: ServerUser | undefined,
  mayOpen: readonly string[],
): Promise<ServerFiles> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const cluster = await clusterFolder(directory, user, mayOpen);
  const files: ServerFiles = {
    data: path.join(cluster, 'data'),
    run: path.join(cluster, 'run'),
    log: path.join(directory, 'postgres.log'),
    password: path.join(directory, 'password'),
    copies: user === undefined ? path.join(directory, 'binaries') : sharedState,
  };
  await mkdir(files.run, { recursive: true, mode: 0o700 });
  if (user !== undefined) {
    for (const folder of [cluster, files.run]) await chown(folder, user.uid, user.gid);
  }
  return files;
}

async function clusterFolder(
  directory: string,
  user: ServerUser | undefined,
  mayOpen: readonly string[],
): Promise<string> {
  const cluster = path.join(directory, 'cluster');
  const existing = await lstat(cluster).catch(() => undefined);
  if (existing?.isSymbolicLink() === true) return realpath(cluster);
  const isOpen = user === undefined || (await openWay(directory, user, mayOpen));
  if (existing !== undefined || isOpen) {
    await mkdir(cluster, { recursive: true, mode: 0o700 });
    return realpath(cluster);
  }
  const elsewhere = path.join(sharedState, `cluster-${randomBytes(8).toString('hex')}`);
  await mkdir(sharedState, { recursive: true, mode: 0o711 });
  await mkdir(elsewhere, { mode: 0o700 });
  await symlink(elsewhere, cluster);
  return elsewhere;
}

async function openWay(directory: string, user: ServerUser, mayOpen: readonly string[]): Promise<boolean> {
  const real = await realpath(directory);
  const ours = await Promise.all([...mayOpen, directory].map((folder) => realpath(folder)));
  for (;;) {
    const closed = await closedFolder(real, user);
    if (closed === undefined) return true;
    if (!ours.includes(closed)) return false;
    await chmod(closed, (await lstat(closed)).mode | 0o011);
  }
}

/** The password of the server's only role: made once, kept in a file of mode 0600. */
export async function serverPassword(file: string): Promise<string> {
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (kept !== '') return kept;
  const made = randomBytes(24).toString('base64url');
  await writeFile(file, `${made}\n`, { mode: 0o600 });
  return made;
}
