import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readlink, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

const root = path.resolve(__dirname, '../..');
const main = path.join(root, 'dist', 'apps', 'standalone', 'src', 'main.js');
const stopTimeoutMs = 30_000;

/** The whole product in a process of its own, as a test starts, stops and kills it. */
export interface StandaloneProcess {
  readonly url: string;
  /** Empty: it was revoked, or another process made it. */
  readonly apiKey: string;
  /** Empty: it was revoked, or another process made it. */
  readonly sandboxApiKey: string;
  readonly pid: number;
  /** Milliseconds from the start of the process to its line "ready". */
  readonly tookMs: number;
  /** What it logged so far. */
  log(): string;
  /** kill -9; resolves when it is gone. The embedded Postgres goes on. */
  kill(): Promise<void>;
  /** SIGTERM; resolves to the exit code when all of it has stopped. */
  stop(): Promise<number | null>;
}

export interface StandaloneOptions {
  readonly dataFolder: string;
  /** 0 (the default): a free one. */
  readonly port?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Compiles what has changed, so that the processes run what the test was written for. */
export function buildStandalone(): void {
  const { status, stderr } = spawnSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the build failed: ${stderr}`);
}

/** A folder for data, gone after `remove`. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fintech-ledger-e2e-'));
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 20 }) };
}

/** Starts it and waits until it is ready. @throws Error with the end of its log */
export async function startStandaloneProcess(options: StandaloneOptions): Promise<StandaloneProcess> {
  const startedAt = performance.now();
  const parameters = ['--json', '--port', String(options.port ?? 0), '--data-dir', options.dataFolder];
  const child = spawn(process.execPath, [main, ...parameters], {
    env: { ...process.env, LOG_LEVEL: 'warn', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log = `${log}${text}`.slice(-100_000)));
  const exited = once(child, 'exit');
  const ready = await readyLine(child, exited, () => log);
  return {
    url: ready.url,
    apiKey: ready.api_key ?? '',
    sandboxApiKey: ready.sandbox_api_key ?? '',
    pid: ready.pid,
    tookMs: performance.now() - startedAt,
    log: () => log,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      const timeout = new AbortController();
      const tooLate = delay(stopTimeoutMs, undefined, { signal: timeout.signal, ref: false }).then(
        () => child.kill('SIGKILL'),
        () => undefined,
      );
      await exited;
      timeout.abort();
      await tooLate;
      return child.exitCode;
    },
  };
}

interface ReadyLine {
  readonly url: string;
  /** Absent: it was revoked, or another process made it. */
  readonly api_key?: string;
  readonly sandbox_api_key?: string;
  readonly pid: number;
}

async function readyLine(
  child: ChildProcess,
  exited: Promise<unknown>,
  log: () => string,
): Promise<ReadyLine> {
  let text = '';
  const line = new Promise<string>((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) resolve(text);
    });
  });
  const first = await Promise.race([line, exited.then(() => undefined)]);
  if (first === undefined) throw new Error(`the standalone ended with ${child.exitCode}: ${log()}`);
  return JSON.parse(first) as ReadyLine;
}

/** The process of the embedded Postgres of a data folder, from its `postmaster.pid`; undefined when none runs. */
export async function embeddedPostgresPid(dataFolder: string): Promise<number | undefined> {
  const data = path.join(dataFolder, 'postgres', 'cluster', 'data');
  const text = await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  if (!(pid > 0)) return undefined;
  // Postgres stands in its data folder; after a crash the number may be another process's.
  const [standsIn, folder] = await Promise.all([
    readlink(`/proc/${pid}/cwd`).catch(() => ''),
    realpath(data).catch(() => data),
  ]);
  return standsIn === folder ? pid : undefined;
}
