import { chown, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Binaries } from './binaries';
import { EmbeddedPostgresFailed, startFailure } from './errors';
import { runTool } from './run-tool';
import { enteredFolder } from './server-files';
import type { ServerFiles } from './server-files';
import type { ServerUser } from './server-user';

/** The role that owns everything, a superuser; the one that a product runs as; and the only database of ours. */
export const roleName = 'ledger';
export const applicationRoleName = 'ledger_app';
export const databaseName = 'ledger';

/**
 * Makes the cluster on the first start, or checks that this Postgres can read the one that is there.
 * @throws EmbeddedPostgresFailed
 */
export async function createCluster(
  files: ServerFiles,
  binaries: Binaries,
  user: ServerUser | undefined,
  password: string,
  durable: boolean,
): Promise<void> {
  const version = await readFile(path.join(files.data, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version !== undefined) return checkVersion(Number(version), binaries.majorVersion);
  const isThere = await stat(files.data).catch(() => undefined);
  if (isThere !== undefined)
    throw new EmbeddedPostgresFailed('other', `${files.data} exists and is not a Postgres cluster`);

  // Made beside and renamed when whole, so that a first start that was cut off leaves nothing behind that looks usable.
  const partial = `${files.data}.new`;
  const passwordFile = `${files.data}.password`;
  await rm(partial, { recursive: true, force: true });
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (user !== undefined) await chown(passwordFile, user.uid, user.gid);
    // Beside the folder that initdb stands in, and named from there.
    await mkdir(partial, { mode: 0o700 });
    if (user !== undefined) await chown(partial, user.uid, user.gid);
    const entered = enteredFolder(partial, files.isHidden);
    const initialise = [
      '-D',
      entered,
      `--username=${roleName}`,
      `--pwfile=../${path.basename(passwordFile)}`,
    ];
    // C.UTF-8 sorts by code point: the same order on every system, and in JavaScript's comparisons of plain ASCII.
    const fixed = [
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ];
    const parameters = [
      ...initialise,
      ...fixed,
      '--locale=C',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ];
    const made = await runTool(binaries.initdb, parameters, user, partial);
    if (made.code !== 0) throw startFailure('initdb failed', made.said);
    const single = [
      '--single',
      '-D',
      entered,
      '-c',
      'wal_level=minimal',
      '-c',
      'max_wal_senders=0',
      'postgres',
    ];
    const created = await runTool(
      binaries.postgres,
      single,
      user,
      partial,
      `create database ${databaseName}\n`,
    );
    if (created.code !== 0 || /\b(ERROR|FATAL|PANIC):/.test(created.said)) {
      throw startFailure('creating the database failed', created.said);
    }
    await rename(partial, files.data);
    await syncFolder(path.dirname(files.data));
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function checkVersion(found: number, ours: number): void {
  if (found === ours) return;
  const reason = found > ours ? 'newer_version' : 'older_version';
  throw new EmbeddedPostgresFailed(
    reason,
    `the data was written by PostgreSQL ${found}, this version brings PostgreSQL ${ours}`,
  );
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
