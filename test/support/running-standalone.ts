import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface RunningStandalone {
  readonly url: string;
  readonly apiKey: string;
  readonly sandboxApiKey: string;
  readonly dataFolder: string;
  stop(): Promise<void>;
}

export interface RunningDistributed extends RunningStandalone {
  /** By name, such as `writer-1`, `relay`, `projector-1`, `api`. */
  readonly processes: Readonly<Record<string, number>>;
}

interface Ready {
  readonly url: string;
  readonly api_key: string;
  readonly sandbox_api_key: string;
  readonly processes?: Readonly<Record<string, number>>;
}

/** Starts everything as `npm run up` does, on a free port and a data folder of its own, which goes with it. */
export function runStandalone(
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningStandalone> {
  return run('up.mjs', [], environment);
}

/** Starts everything as `npm run up:distributed` does: the same product, as processes of their own with Kafka between them. */
export function runDistributed(
  environment: Readonly<Record<string, string>> = {},
  ...parameters: readonly string[]
): Promise<RunningDistributed> {
  return run('up-distributed.mjs', parameters, environment);
}

async function run(
  script: string,
  parameters: readonly string[],
  given: Readonly<Record<string, string>>,
): Promise<RunningDistributed> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fintech-ledger-e2e-'));
  const root = path.resolve(__dirname, '../..');
  const {
    DATABASE_URL: _notTheirs,
    DATABASE_OWNER_URL: _norItsOwner,
    EVENT_STORE_URL: _norThis,
    EVENTSTORE_URL: _norItsOldName,
    ...environment
  } = process.env;
  const data = ['--json', '--port', '0', '--data-dir', path.join(folder, 'data')];
  const child = spawn(process.execPath, [path.join(root, 'scripts', script), ...data, ...parameters], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, LOG_LEVEL: 'warn', ...given },
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-5_000)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  };
  const ready = new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    void ended.then(() => reject(new Error(`it ended before it was ready:\n${log}`)));
  });
  try {
    const announced = JSON.parse(await ready) as Ready;
    const { url, api_key: apiKey, sandbox_api_key: sandboxApiKey, processes = {} } = announced;
    return { url, apiKey, sandboxApiKey, dataFolder: path.join(folder, 'data'), processes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
