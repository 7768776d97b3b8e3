// Starts the programs that a benchmark needs, and ends them.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { nodeOptions } from '../lib/node-options.mjs';
import { root } from '../lib/prepare.mjs';

const require = createRequire(import.meta.url);
export const lib = (name) => require(path.join(root, 'dist', 'libs', name, 'index.js'));

/** Starts a node program; resolves with its first line of output. */
export function startProgram(args, env = {}, cwd = root) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve({ line: text.slice(0, text.indexOf('\n')), child });
    });
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}`)));
  });
}

export async function stopProgram({ child }) {
  if (child.exitCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exited;
}

/** A folder on the repository's own disk: /tmp may be memory, where durable commits cost nothing. */
export async function temporaryFolder(name) {
  return mkdtemp(path.join(process.env.BENCH_DIR ?? os.tmpdir(), `fintech-ledger-bench-${name}-`));
}

export const removeFolder = (folder) => rm(folder, { recursive: true, force: true });

/** A durable embedded Postgres (fsync and synchronous_commit on). */
export function startPostgres(directory) {
  return lib('platform/embedded-postgres').startEmbeddedPostgres({ directory });
}

export async function startStandalone(env, flags = nodeOptions) {
  const main = path.join(root, 'dist', 'apps', 'standalone', 'src', 'main.js');
  const started = await startProgram([...flags, main, '--json', '--port', '0', '--data-dir', env.DATA_DIR], {
    LOG_LEVEL: 'warn',
    ...env,
  });
  return { ...started, ...JSON.parse(started.line) };
}

/** User and system CPU seconds of a process and its threads. */
export async function cpuSeconds(pid) {
  const { readFile } = await import('node:fs/promises');
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return NaN;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
