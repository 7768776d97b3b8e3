// What every script does before it can run the program: install packages, compile.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Runs `npm ci` when a package of the lockfile is missing or has another version. Its output goes to standard error. */
export function installMissing() {
  checkNode();
  if (isInstalled()) return;
  process.stderr.write('installing packages (npm ci) …\n');
  const npm = process.env.npm_execpath;
  const parameters = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, all] =
    npm?.endsWith('.js') === true ? [process.execPath, [npm, ...parameters]] : ['npm', parameters];
  /** @type {import('node:child_process').SpawnSyncOptions} */
  const options = {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && command === 'npm',
  };
  const { status, error } = spawnSync(command, all, options);
  if (status !== 0) {
    const reason = error?.message ?? `exit code ${status}`;
    throw new Error(
      `The packages could not be installed (npm ci: ${reason}): is the package registry reachable?`,
    );
  }
}

/** Compiles to dist/ what has changed. In a process of its own, so that the compiler does not stay in memory. */
export function build() {
  const { status } = spawnSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error('The build failed; its errors are above.');
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`Node ${process.versions.node} is too old: 20.19 or later is needed.`);
}

/** Compares contents, not times: a checkout or another npm command changes times without changing packages. */
function isInstalled() {
  const wanted = readLock(path.join(root, 'package-lock.json'));
  const found = readLock(path.join(root, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted).every(([name, { version, optional, devOptional, peer, link }]) => {
    if (!name.startsWith('node_modules/') || link === true) return true;
    const installed = found[name];
    // What is optional may be for another platform.
    if (installed === undefined) return optional === true || devOptional === true || peer === true;
    return installed.version === version;
  });
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return {};
  }
}
