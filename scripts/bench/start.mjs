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

const guard = path.join(root, 'scripts', 'lib', 'guarded.mjs');
/** What runs now, and what is to be removed, should the benchmark be ended from outside. */
const programs = new Set();
const folders = new Set();
const servers = new Set();

/**
 * Starts a node program, given its flags and its script; resolves with its first line of output.
 * It ends with this process, however that ends.
 */
export function startProgram(args, env = {}, cwd = root) {
  return new Promise((resolve, reject) => {
    const script = args.findIndex((arg) => !arg.startsWith('-'));
    const child = spawn(process.execPath, [...args.slice(0, script), guard, ...args.slice(script)], {
      cwd,
      env: { ...process.env, ...env },
      // The fourth closes when we are gone, which ends it.
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
      // Ctrl-C is sent to all of a terminal's processes: who stops first is decided here.
      detached: true,
    });
    const program = { child };
    programs.add(program);
    child.once('exit', () => programs.delete(program));
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve({ line: text.slice(0, text.indexOf('\n')), child });
    });
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}`)));
  });
}

export async function stopProgram({ child }) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exited;
}

/** A folder on the repository's own disk: /tmp may be memory, where durable commits cost nothing. */
export async function temporaryFolder(name) {
  const folder = await mkdtemp(
    path.join(process.env.BENCH_DIR ?? os.tmpdir(), `fintech-ledger-bench-${name}-`),
  );
  folders.add(folder);
  return folder;
}

export async function removeFolder(folder) {
  await rm(folder, { recursive: true, force: true });
  folders.delete(folder);
}

/** A durable embedded Postgres (fsync and synchronous_commit on). */
export async function startPostgres(directory) {
  const postgres = await lib('platform/embedded-postgres').startEmbeddedPostgres({ directory });
  servers.add(postgres);
  return postgres;
}

/** Stops what the benchmark has started, and removes its folders, when it can't do that itself any more. */
export async function endAll() {
  await Promise.all([...programs].map(stopProgram));
  await Promise.all([...servers].map((server) => server.stop()));
  await Promise.all([...folders].map(removeFolder));
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
