import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

export interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A command of `ledgerctl` as it runs. */
export interface RunningRecovery {
  readonly pid: number;
  /** What it has said of its progress. */
  progress(): string;
  readonly ended: Promise<Ended>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
}

const main = path.resolve(__dirname, '../../dist/apps/ledgerctl/src/main.js');

/** Starts `ledgerctl recover` from `dist` (see `buildStandalone`), with the environment of the ledger. */
export const startRecovery = (
  environment: Readonly<Record<string, string>>,
  ...parameters: readonly string[]
): RunningRecovery => start(environment, ['recover', ...parameters]);

function start(
  environment: Readonly<Record<string, string>>,
  parameters: readonly string[],
): RunningRecovery {
  const child: ChildProcess = spawn(process.execPath, [main, ...parameters], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = once(child, 'close').then(() => ({ exitCode: child.exitCode, output, errors }));
  return {
    pid: child.pid ?? 0,
    progress: () => errors,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export const recover = (
  environment: Readonly<Record<string, string>>,
  ...parameters: readonly string[]
): Promise<Ended> => startRecovery(environment, ...parameters).ended;

/** Any command, started in the same way. */
export const ledgerctl = (
  environment: Readonly<Record<string, string>>,
  ...parameters: readonly string[]
): Promise<Ended> => start(environment, parameters).ended;

export type LostLine = Readonly<Record<string, unknown>> & { readonly kind: string };

/** The lines of a recovery file between the first and the last one, which say what it is and how long. @throws Error it is not whole */
export async function readRecoveryFile(file: string): Promise<readonly LostLine[]> {
  const text = await readFile(file, 'utf8');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LostLine);
  const [first, last] = [lines[0], lines.at(-1)];
  if (!text.endsWith('\n') || first?.kind !== 'recovery' || last?.['lines'] !== lines.length - 1)
    throw new Error(`${file} is not whole`);
  return lines.slice(1, -1);
}
