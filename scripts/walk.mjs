#!/usr/bin/env node
// Which files one request enters: runs the standalone in this process, and takes V8's coverage around a POST of a
// transaction and a GET of a list.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Session } from 'node:inspector/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, installMissing, root } from './lib/prepare.mjs';
import { byPackage, enteredEachTime, enteredFiles } from './lib/walked-files.mjs';

if (process.argv.includes('--help')) {
  process.stderr.write(
    'Usage: npm run walk\nPrints which files a POST of a transaction and a GET of a list enter, by package.\n',
  );
  process.exit(0);
}

/** What CONTRIBUTING asks for. */
const goals = { 'POST of a transaction': [60, 9], 'GET of a list': [35, 9] };
const samples = 10;
/** @type {Map<string, string>} */
const texts = new Map();

installMissing();
build();
const dist = path.join(root, 'dist');
const folder = await mkdtemp(path.join(os.tmpdir(), 'walk-'));
process.env['LOG_LEVEL'] = 'silent';
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

const require = createRequire(import.meta.url);
const load = (file) => require(path.join(dist, file));
const { startStandalone } = load('apps/standalone/src/start-standalone.js');
const { readConfig } = load('libs/platform/config/index.js');
const { createLogger } = load('libs/platform/logging/index.js');
const config = readConfig({ PORT: '0', DATA_DIR: path.join(folder, 'data') });
const log = createLogger(config.logLevel, config.serviceName);
const standalone = await startStandalone(config, log, new AbortController().signal);
try {
  const requests = await prepare(standalone);
  // The first ones open connections, load writers, fill caches.
  for (let i = 0; i < 3; i += 1) for (const request of Object.values(requests)) await request();
  await sleep(2_000);
  for (const [name, request] of Object.entries(requests)) report(name, await walk(request));
} finally {
  session.disconnect();
  await standalone.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit();

function textOf(url) {
  const text = texts.get(url) ?? readFileSync(fileURLToPath(url), 'utf8');
  texts.set(url, text);
  return text;
}

async function walk(request) {
  const base = `${pathToFileURL(dist).href}/`;
  const taken = [];
  for (let i = 0; i < samples; i += 1) {
    // The read models catch up with the one before, and webhooks with them; not always at the same moment of a timer.
    await sleep(300 + i * 37);
    await session.post('Profiler.takePreciseCoverage');
    await request();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    taken.push(enteredFiles(result, base, textOf));
  }
  return enteredEachTime(taken);
}

function report(name, files) {
  const packages = byPackage(files);
  const [filesMax, packagesMax] = goals[name];
  let text = `## ${name}: ${files.length} files (goal ${filesMax}), ${packages.size} packages (goal ${packagesMax})\n`;
  for (const [of, names] of packages) text += `${of}: ${names.join(' ')}\n`;
  process.stdout.write(`${text}\n`);
}

/** A ledger with two accounts, and the requests that are walked. */
async function prepare({ url, apiKey }) {
  let count = 0;
  const call = async (method, target, body) => {
    const headers = { authorization: `Bearer ${apiKey}` };
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      headers['idempotency-key'] = `walk-${(count += 1)}`;
    }
    const response = await fetch(url + target, { method, headers, body: JSON.stringify(body) });
    const answer = /** @type {{ id: string }} */ (await response.json());
    if (!response.ok) throw new Error(`${method} ${target}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const { id } = await call('POST', '/v1/ledgers', { name: 'walk' });
  const of = `/v1/ledgers/${id}`;
  await call('POST', `${of}/accounts`, { address: 'a:cash', type: 'asset', currency: 'EUR' });
  await call('POST', `${of}/accounts`, { address: 'a:sales', type: 'revenue', currency: 'EUR' });
  const side = (account, direction) => ({ account, direction, amount: '5', currency: 'EUR' });
  const entries = [side('a:cash', 'debit'), side('a:sales', 'credit')];
  return {
    'POST of a transaction': () => call('POST', `${of}/transactions`, { entries }),
    'GET of a list': () => call('GET', `${of}/transactions`),
  };
}
