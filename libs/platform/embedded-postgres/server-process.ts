import { spawn } from 'node:child_process';
import { open, readFile, stat } from 'node:fs/promises';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { startFailure } from './errors';
import { isPostmasterOf, readPostmasterPid } from './postmaster-pid';
import { spawnFailure, spawnOptions } from './run-tool';
import { enteredFolder } from './server-files';
import type { ServerFiles } from './server-files';
import type { ServerUser } from './server-user';
import { removeStaleLocks } from './stale-locks';

/** A running server: our child, or one that an earlier process of ours left behind. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves when it has ended, however that came. */
  readonly ended: Promise<void>;
}

const pollMs = 10;
const adoptedPollMs = 100;
/** Recovery after a crash reads at most `max_wal_size` of log; this is far beyond that. */
const startTimeoutMs = 120_000;
/** The children of a server that was killed hold its memory until they notice; they do so within moments. */
const oldMemoryTimeoutMs = 30_000;
const logBytesMax = 10_000_000;

/**
 * Starts the server and waits until it takes connections. It is detached: Ctrl-C in a terminal reaches us, not it, so that we can
 * finish our work before we stop it. @throws EmbeddedPostgresFailed, PlatformNotSupported
 */
export async function startServer(
  postgres: string,
  files: ServerFiles,
  user: ServerUser | undefined,
  settings: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const deadline = Date.now() + oldMemoryTimeoutMs;
  for (;;) {
    await removeStaleLocks(files);
    const attempt = await tryStart(postgres, files, user, settings);
    if (typeof attempt !== 'string') return attempt;
    if (!/pre-existing shared memory block/.test(attempt) || Date.now() > deadline) {
      throw startFailure('Postgres did not start', attempt);
    }
    await delay(adoptedPollMs);
  }
}

async function tryStart(
  postgres: string,
  files: ServerFiles,
  user: ServerUser | undefined,
  settings: Readonly<Record<string, string>>,
): Promise<ServerProcess | string> {
  const logSize = (await stat(files.log).catch(() => undefined))?.size ?? 0;
  // A file and not a pipe: the server must be able to go on when we are killed.
  const log = await open(files.log, logSize > logBytesMax ? 'w' : 'a', 0o600);
  const logStart = logSize > logBytesMax ? 0 : logSize;
  try {
    const parameters = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(postgres, ['-D', enteredFolder(files.data, files.isHidden), ...parameters], {
      ...spawnOptions(user, files.data),
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
    });
    const ended = new Promise<void>((resolve, reject) => {
      child.once('exit', () => resolve());
      child.once('error', (error) => reject(spawnFailure(error, files.data)));
    });
    const hasEnded = { value: false };
    ended.then(
      () => (hasEnded.value = true),
      () => (hasEnded.value = true),
    );
    const deadline = Date.now() + startTimeoutMs;
    while (!hasEnded.value) {
      const running = await readPostmasterPid(files.data);
      if (running?.isReady === true && running.pid === child.pid) {
        child.unref();
        return { pid: running.pid, ended };
      }
      if (Date.now() > deadline) {
        child.kill('SIGQUIT');
        return `it was not ready after ${startTimeoutMs / 1000} s`;
      }
      await Promise.race([delay(pollMs), ended]);
    }
    await ended;
    return (await readFile(files.log)).subarray(logStart).toString('utf8');
  } finally {
    await log.close();
  }
}

/** Watches a server that is not our child. */
export function adoptServer(pid: number, data: string): ServerProcess {
  const watch = async (): Promise<void> => {
    while (await isPostmasterOf(pid, data)) await delay(adoptedPollMs, undefined, { ref: false });
  };
  return { pid, ended: watch() };
}

/** How long each of the harder ways may take: they write no data, and the next start recovers from the log. */
const harderMsMax = 1_000;

/**
 * Stops a server: fast shutdown (sessions are cut off, data is written), and harder when that takes too long.
 * @param withinMs all of it
 */
export async function stopServer(server: ServerProcess, withinMs = 60_000): Promise<void> {
  const harderMs = Math.min(harderMsMax, withinMs / 3);
  for (const [signal, patienceMs] of [
    ['SIGINT', withinMs - 2 * harderMs],
    ['SIGQUIT', harderMs],
    ['SIGKILL', harderMs],
  ] as const) {
    try {
      process.kill(server.pid, signal);
    } catch {
      // It has ended already; `ended` tells.
    }
    const timer = new AbortController();
    const ended = await Promise.race([
      server.ended.then(
        () => true,
        () => true,
      ),
      delay(patienceMs, false, { signal: timer.signal }).catch(() => false),
    ]);
    timer.abort();
    if (ended) return;
  }
}
