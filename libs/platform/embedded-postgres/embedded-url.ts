import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { applicationRoleName } from './create-cluster';
import { endpointUrl } from './endpoint';
import { isAlive, readPostmasterPid } from './postmaster-pid';

/** The connection string of a server that runs in this folder, as the role of the product; undefined where none does. */
export async function embeddedUrl(directory: string): Promise<string | undefined> {
  const cluster = await realpath(path.join(directory, 'cluster')).catch(() => undefined);
  if (cluster === undefined) return undefined;
  const running = await readPostmasterPid(path.join(cluster, 'data'));
  if (running === undefined || !running.isReady || !isAlive(running.pid)) return undefined;
  const password = (await readFile(path.join(directory, 'application-password'), 'utf8')).trim();
  const socketFolder = running.socketFolder === '' ? '' : path.join(cluster, 'run');
  return endpointUrl({ socketFolder, port: running.port }, applicationRoleName, password);
}
