import { spawn } from 'node:child_process';
import type { SpawnOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { PlatformNotSupported } from './errors';
import type { ServerUser } from './server-user';

/** How every binary is started: as the server's user, with nothing of our environment (PGDATA and its like would interfere). */
export function spawnOptions(user: ServerUser | undefined, folder: string): SpawnOptions {
  const isWindows = process.platform === 'win32';
  return {
    windowsHide: true,
    cwd: folder,
    ...(isWindows ? {} : { env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' } }),
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  };
}

/** A binary that is there and still "not found" lacks its loader: built for glibc, run on musl (Alpine). */
export function spawnFailure(error: NodeJS.ErrnoException, folder: string): Error {
  if (error.code !== 'ENOENT' || !existsSync(folder)) return error;
  return new PlatformNotSupported('its binaries need glibc, which this system (Alpine?) does not have');
}

/**
 * Runs a binary inside of `folder` to its end, with `input` on its standard input.
 * @returns its exit code and all it said
 * @throws PlatformNotSupported
 */
export function runTool(
  command: string,
  parameters: readonly string[],
  user: ServerUser | undefined,
  folder: string,
  input = '',
): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { ...spawnOptions(user, folder), stdio: 'pipe' });
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('error', (error) => reject(spawnFailure(error, folder)));
    child.on('close', (code) => resolve({ code, said }));
    // It may end without reading.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
