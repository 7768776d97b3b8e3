// Schemathesis, a public fuzzer, installed from PyPI once.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { root } from './prepare.mjs';

export const schemathesisVersion = '4.32.5';
const environment = path.join(root, '.cache', 'schemathesis', schemathesisVersion);
const binaries = path.join(environment, process.platform === 'win32' ? 'Scripts' : 'bin');

/** Runs it in the cache folder, where it may leave what it remembers; resolves to its exit code. */
export async function runSchemathesis(url, apiKey, parameters) {
  const child = spawn(
    installSchemathesis(),
    [
      ...['run', path.join(root, 'schemas', 'openapi.json'), '--url', url],
      ...['--header', `Authorization: Bearer ${apiKey}`],
      // The stream of events has no end to wait for.
      ...['--exclude-operation-id', 'streamEvents', '--request-timeout', '30'],
      ...[
        '--checks',
        'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance',
      ],
      ...parameters,
    ],
    { cwd: path.join(root, '.cache', 'schemathesis'), stdio: 'inherit' },
  );
  const [status] = await once(child, 'exit');
  return status ?? 1;
}

/** Its command, in a virtual environment of ours. @throws Error that says what is missing */
function installSchemathesis() {
  const command = path.join(binaries, process.platform === 'win32' ? 'schemathesis.exe' : 'schemathesis');
  if (existsSync(command)) return command;
  const python = ['python3', 'python'].find((name) => isRecent(name));
  if (python === undefined)
    throw new Error('python3 (3.10 or later) is needed and was not found: `npm run fuzz` needs Node alone');
  process.stderr.write(`installing Schemathesis ${schemathesisVersion} to .cache/schemathesis …\n`);
  mkdirSync(path.dirname(environment), { recursive: true });
  if (!succeeds(python, ['-m', 'venv', environment])) {
    throw new Error(
      'python3 could not make a virtual environment; on Debian and Ubuntu that needs: apt-get install python3-venv',
    );
  }
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    `schemathesis==${schemathesisVersion}`,
  ];
  if (!succeeds(path.join(binaries, 'python'), pip)) {
    throw new Error('Schemathesis could not be installed: is PyPI reachable?');
  }
  return command;
}

function isRecent(python) {
  const check = 'import sys; sys.exit(sys.version_info < (3, 10))';
  return spawnSync(python, ['-c', check], { stdio: 'ignore' }).status === 0;
}

function succeeds(command, args) {
  return spawnSync(command, args, { stdio: ['ignore', 2, 2] }).status === 0;
}
