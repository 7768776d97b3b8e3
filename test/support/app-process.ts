import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';

const root = path.resolve(__dirname, '../..');
const guard = path.join(root, 'scripts', 'lib', 'guarded.mjs');

export type AppName = 'api' | 'writer' | 'relay' | 'projector' | 'dispatcher';

/** One process of the distributed product, as a test starts, freezes and kills it. It ends with the test's own process. */
export interface AppProcess {
  readonly pid: number;
  /** What its line "ready" says. */
  readonly ready: Readonly<Record<string, string>>;
  readonly hasEnded: boolean;
  /** The end of its log. */
  log(): string;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves to its exit code. */
  stop(): Promise<number | null>;
}

/** Starts an app of `dist` (see `buildStandalone`) and waits until it is ready. @throws Error with the end of its log */
export async function startApp(
  name: AppName,
  environment: Readonly<Record<string, string>>,
): Promise<AppProcess> {
  const child = spawn(process.execPath, [guard, path.join(root, 'dist', 'apps', name, 'src', 'main.js')], {
    env: { ...process.env, HEALTH_PORT: '0', WRITER_PORT: '0', PORT: '0', LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log = `${log}${text}`.slice(-20_000)));
  if (child.stdout === null || child.pid === undefined) throw new Error(`${name} could not be started`);
  const line = once(createInterface(child.stdout), 'line') as Promise<[string]>;
  const first = await Promise.race([line, exited.then(() => undefined)]);
  if (first === undefined) throw new Error(`${name} ended with ${child.exitCode}: ${log}`);
  return {
    pid: child.pid,
    ready: JSON.parse(first[0]) as Record<string, string>,
    get hasEnded() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    log: () => log,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
  };
}
