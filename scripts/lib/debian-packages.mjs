// Tools that a test compares with, from the distribution's packages.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';

/**
 * Makes sure that these Debian packages are installed, with apt-get as root or through `sudo -n`.
 * Throws an Error that names the packages when that can't be done.
 * @param {readonly string[]} packages
 */
export function ensurePackages(packages) {
  const missing = packages.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const list = missing.join(' ');
  if (!existsSync('/usr/bin/apt-get')) {
    throw new Error(`these tools are needed and this is not a Debian system: install ${list} yourself`);
  }
  const sudo = process.geteuid?.() === 0 ? [] : ['sudo', '-n'];
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...missing];
  process.stderr.write(`installing ${list} (apt-get) …\n`);
  // The lists may be there already; they are fetched only when the packages are not found in them.
  if (run([...sudo, ...install]) || (run([...sudo, 'apt-get', 'update']) && run([...sudo, ...install])))
    return;
  throw new Error(
    `the Debian packages ${list} are needed and could not be installed: run apt-get install ${list} as root`,
  );
}

function isInstalled(name) {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' });
  return stdout === 'installed';
}

/** @param {string[]} line */
function run(line) {
  const [command = '', ...parameters] = line;
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status } = spawnSync(command, parameters, { stdio: ['ignore', 2, 2], env: environment });
  return status === 0;
}
