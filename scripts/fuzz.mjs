#!/usr/bin/env node
// Fuzzes a ledger of its own with requests made from schemas/openapi.json, and asks beside that whether it is alive.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { nodeOptions } from './lib/node-options.mjs';
import { build, installMissing, root } from './lib/prepare.mjs';
import { residentMb } from './lib/resident-mb.mjs';
import { runSchemathesis, schemathesisVersion } from './lib/schemathesis.mjs';

const usage = `Usage: npm run fuzz -- [--requests N] [--seed N]
       npm run fuzz -- schemathesis [parameters of "schemathesis run"]

  --requests N  how many, of all operations alike (default 1000000)
  --seed N      repeats a run; it is printed when a run begins

The ledger that is fuzzed is started for it on a free port, in a folder that goes with it. Requests are right, mutated,
slow and cut off; no answer may be 500 or undocumented, and /health/live answers within 500 ms all the time.

schemathesis: the public tool in the place of ours, such as \`npm run fuzz -- schemathesis --max-examples 20 --seed 1\`.
Needs python3 (3.10 or later) with its venv module; Schemathesis ${schemathesisVersion} is installed from PyPI into
.cache/schemathesis once.
`;
const liveMsMax = 500;
const askEveryMs = 50;

const [first, ...others] = process.argv.slice(2);
if (process.argv.includes('--help')) {
  process.stdout.write(usage);
  process.exit(0);
}

try {
  installMissing();
  build();
  process.exitCode =
    first === 'schemathesis'
      ? await withLedger(({ url, api_key: apiKey }) => runSchemathesis(url, apiKey, others))
      : await withLedger(fuzz);
} catch (error) {
  process.stderr.write(`fuzz: ${error.message}\n`);
  process.exitCode = 1;
}

/** Runs the requests, and watches the ledger meanwhile; resolves to the exit code. */
async function fuzz({ url, api_key: apiKey, pid }) {
  const { values } = parseArgs({
    options: { requests: { type: 'string', default: '1000000' }, seed: { type: 'string' } },
  });
  const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(process.execPath, [jest, '--runInBand', 'test/many-fuzzed-requests'], {
    cwd: root,
    env: {
      ...process.env,
      FUZZ_URL: url,
      FUZZ_API_KEY: apiKey,
      FUZZ_REQUESTS: values.requests,
      ...(values.seed === undefined ? {} : { FUZZ_SEED: values.seed }),
    },
    stdio: 'inherit',
  });
  const ended = once(child, 'exit');
  const live = await watchLive(url, pid, ended);
  const [status] = await ended;
  process.stdout.write(
    `/health/live: asked ${live.asked} times, ${live.failed} without an answer, ` +
      `the longest took ${Math.round(live.msMax)} ms (limit ${liveMsMax}); ` +
      `resident memory ${Math.round(live.residentMb)} MB at most\n`,
  );
  return status === 0 && live.failed === 0 && live.msMax <= liveMsMax ? 0 : 1;
}

async function watchLive(url, pid, ended) {
  const seen = { asked: 0, failed: 0, msMax: 0, residentMb: 0 };
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!isOver) {
    const since = performance.now();
    const isGood = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(30_000) })
      .then(async (answer) => (await answer.text()) !== '' && answer.ok)
      .catch(() => false);
    seen.asked += 1;
    if (!isGood) seen.failed += 1;
    seen.msMax = Math.max(seen.msMax, performance.now() - since);
    seen.residentMb = Math.max(seen.residentMb, await residentMb(pid));
    await sleep(askEveryMs);
  }
  return seen;
}

/** Starts a ledger, and stops it when `work` has ended. */
async function withLedger(work) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fintech-ledger-fuzz-'));
  const { DATABASE_URL: _notTheirs, ...inherited } = process.env;
  const main = path.join(root, 'dist', 'apps', 'standalone', 'src', 'main.js');
  const parameters = [...nodeOptions, main, '--json', '--port', '0', '--data-dir', folder];
  const ledger = spawn(process.execPath, parameters, {
    env: { ...inherited, LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(ledger, 'exit');
  try {
    const line = once(createInterface(ledger.stdout), 'line');
    const started = await Promise.race([line, ended.then(() => undefined)]);
    if (started === undefined) throw new Error('the ledger ended before it was ready');
    return await work(JSON.parse(started[0]));
  } finally {
    ledger.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  }
}
