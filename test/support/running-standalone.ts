import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface RunningStandalone {
  readonly url: string;
  readonly apiKey: string;
  stop(): Promise<void>;
}

/** Starts everything as `npm run up` does, on a free port and a data folder of its own, which goes with it. */
export async function runStandalone(): Promise<RunningStandalone> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fintech-ledger-e2e-'));
  const root = path.resolve(__dirname, '../..');
  const { DATABASE_URL: _notTheirs, ...environment } = process.env;
  const child = spawn(
    process.execPath,
    [path.join(root, 'scripts', 'up.mjs'), '--json', '--port', '0', '--data-dir', path.join(folder, 'data')],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...environment, LOG_LEVEL: 'warn' } },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-5_000)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const ready = new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    void ended.then(() => reject(new Error(`it ended before it was ready:\n${log}`)));
  });
  try {
    const { url, api_key: apiKey } = JSON.parse(await ready) as { url: string; api_key: string };
    return { url, apiKey, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
