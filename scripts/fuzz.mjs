#!/usr/bin/env node
// Lets Schemathesis loose on a ledger of its own: requests made from schemas/openapi.json, answers checked against it.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build, installMissing, root } from './lib/prepare.mjs';

const version = '4.32.5';
const usage = `Usage: npm run fuzz -- [parameters of "schemathesis run"]

  npm run fuzz -- --max-examples 20 --seed 1
  npm run fuzz -- --include-operation-id postTransaction

Needs python3 (3.10 or later) with its venv module. Schemathesis ${version} is installed from PyPI into .cache/schemathesis
once. The ledger that is fuzzed is started for it on a free port, in a folder that goes with it. The exit code is that of
Schemathesis. \`npx jest test/openapi-fuzz\` does much the same, smaller, with Node alone.
`;
const parameters = process.argv.slice(2);
if (parameters.includes('--help')) {
  process.stdout.write(usage);
  process.exit(0);
}

const environment = path.join(root, '.cache', 'schemathesis', version);
const binaries = path.join(environment, process.platform === 'win32' ? 'Scripts' : 'bin');

try {
  process.exitCode = await fuzz();
} catch (error) {
  process.stderr.write(`fuzz: ${error.message}\n`);
  process.exitCode = 1;
}

async function fuzz() {
  const schemathesis = installSchemathesis();
  installMissing();
  build();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fintech-ledger-fuzz-'));
  const { DATABASE_URL: _notTheirs, ...inherited } = process.env;
  const main = path.join(root, 'dist', 'apps', 'standalone', 'src', 'main.js');
  const ledger = spawn(process.execPath, [main, '--json', '--port', '0', '--data-dir', folder], {
    env: { ...inherited, LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(ledger, 'exit');
  try {
    const line = once(createInterface(ledger.stdout), 'line');
    const first = await Promise.race([line, ended.then(() => undefined)]);
    if (first === undefined) throw new Error('the ledger ended before it was ready');
    const { url, api_key: apiKey } = JSON.parse(first[0]);
    return await run(schemathesis, url, apiKey);
  } finally {
    ledger.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** Runs it in the cache folder, where it may leave what it remembers; resolves to its exit code. */
async function run(schemathesis, url, apiKey) {
  const child = spawn(
    schemathesis,
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
  if (python === undefined) {
    throw new Error(
      'python3 (3.10 or later) is needed and was not found. Install it, or fuzz with Node: npx jest test/openapi-fuzz',
    );
  }
  process.stderr.write(`installing Schemathesis ${version} to .cache/schemathesis …\n`);
  mkdirSync(path.dirname(environment), { recursive: true });
  if (!succeeds(python, ['-m', 'venv', environment])) {
    throw new Error(
      'python3 could not make a virtual environment; on Debian and Ubuntu that needs: apt-get install python3-venv',
    );
  }
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `schemathesis==${version}`];
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
