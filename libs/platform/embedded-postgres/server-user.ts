import { readFile } from 'node:fs/promises';
import process from 'node:process';

/** The operating system's user that Postgres runs as. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Postgres refuses to run as root, so root hands it to `postgres` or, without one, `nobody`. It must be a user with an entry in
 * passwd: initdb looks its name up. Anybody else runs it as themselves (undefined).
 * @throws Error root, and neither user exists
 */
export async function findServerUser(passwdFile = '/etc/passwd'): Promise<ServerUser | undefined> {
  if (process.geteuid?.() !== 0) return undefined;
  const users = (await readFile(passwdFile, 'utf8')).split('\n').map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const [name, , uid, gid] = users.find(([candidate]) => candidate === wanted) ?? [];
    if (name !== undefined && Number(uid) > 0) return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    'Postgres does not run as root, and this system has neither a user "postgres" nor "nobody" to run it as',
  );
}
