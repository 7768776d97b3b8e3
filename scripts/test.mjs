#!/usr/bin/env node
// Installs what is missing, builds, checks the code, runs every test, and ends with "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensurePackages } from './lib/debian-packages.mjs';
import { treeSeed } from './lib/git.mjs';
import { build, installMissing, root } from './lib/prepare.mjs';

const usage = `Usage: npm test [-- [--no-check] [jest parameters]]

Without parameters: npm run check, then all tests. The tests share one embedded Postgres that ends with
them; TEST_DATABASE_URL names another server to use, on which they may create databases.
`;
const parameters = process.argv.slice(2);
if (parameters.includes('--help')) {
  process.stdout.write(usage);
  process.exit(0);
}

/** Runs a program of node_modules/.bin's packages, or npm, with its output passed through. */
function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) process.stderr.write(`${command}: ${error.message}\n`);
  return status === 0;
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'fintech-ledger-results-'));
const resultsFile = path.join(folder, 'results.json');
let passed = 0;
let failed = 0;
try {
  installMissing();
  build();
  if (parameters.length === 0 && !run('npm', ['run', 'check'])) failed += 1;
  // The comparison with real books needs them; that test fails on its own, and says why, where they can't be had.
  if (process.platform === 'linux') {
    try {
      ensurePackages(['beancount', 'hledger']);
    } catch (error) {
      process.stderr.write(`${error.message}\n`);
    }
  }
  const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const rest = parameters.filter((parameter) => parameter !== '--no-check');
  const ok = run(process.execPath, [
    jest,
    '--json',
    `--outputFile=${resultsFile}`,
    '--testLocationInResults=false',
    ...seedParameters(rest),
    // What a failed test left running must not keep the run from ending.
    '--forceExit',
    ...rest,
  ]);
  const results = readResults();
  passed += results.numPassedTests;
  // A file that can't even be loaded has no tests in it that could fail.
  failed += results.numFailedTests + results.numRuntimeErrorTestSuites;
  for (const line of slowestSuites(results.testResults)) process.stdout.write(`${line}\n`);
  if (!ok && failed === 0) failed = 1;
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  failed += 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

/**
 * Random input comes from the commit's tree, so that a commit which has passed passes again, and each other one tries
 * something else. Nightly runs draw their seeds.
 */
function seedParameters(given) {
  if (given.some((parameter) => parameter.startsWith('--seed'))) return [];
  const seed = treeSeed();
  return seed === undefined ? [] : [`--seed=${seed}`];
}

function readResults() {
  try {
    return JSON.parse(readFileSync(resultsFile, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 1, testResults: [] };
  }
}

/** What the time went to: the suites that took longest, so that a run that grows says why. */
function slowestSuites(suites, shown = 12) {
  const seconds = ({ startTime, endTime }) => Math.round((endTime - startTime) / 1_000);
  const slowest = suites.toSorted((a, b) => seconds(b) - seconds(a)).slice(0, shown);
  return slowest.map(
    (suite) => `${String(seconds(suite)).padStart(5)} s  ${path.relative(root, suite.name)}`,
  );
}
