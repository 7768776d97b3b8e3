#!/usr/bin/env node
// Everything that CI demands of the code besides its tests, two steps at a time. See --help.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { trackedFiles } from './lib/git.mjs';
import { fingerprint, PassedSteps } from './lib/passed-steps.mjs';
import { root } from './lib/prepare.mjs';
import { runSteps } from './lib/run-steps.mjs';

const code = ['*.ts', '*.mjs', '*.cjs', '*.json'];
/**
 * Longest first, so that the last one to end is a short one; generate uses what check:architecture found. With each the
 * files that its verdict depends on; none: it is always run, because it keeps that itself (TypeScript), goes by git, or
 * takes less than a second.
 * @type {Record<string, readonly string[]>}
 */
const steps = {
  'check:architecture': code,
  'lint:types': code,
  typecheck: [],
  lint: code,
  'check:unused': code,
  'generate -- --check': [...code, 'docs', 'schemas', '*.md'],
  'format:check': ['.'],
  style: code,
  'check:compatibility': [],
  'check:commits': [],
  'check:docs': [],
  'check:containers': [],
  'check:lockfile': [],
};
const names = Object.keys(steps);
if (process.argv.includes('--help')) {
  process.stdout.write(`Usage: npm run check [-- --all]

Runs these npm scripts, two at a time, shows what each that fails has said, and says how long each took:
  ${names.join('\n  ')}
A step that passed before on the same files is not run again. --all, and CI (the variable CI is set): all are run.
`);
  process.exit(0);
}
/** @type {Record<string, string>} */
const scripts = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).scripts;
const bin = path.join(root, 'node_modules', '.bin');
const passed = new PassedSteps(path.join(root, '.cache', 'passed-steps.json'));
const isWhole = process.argv.includes('--all') || Boolean(process.env['CI']);
/** Before they run: what is edited meanwhile was not looked at. */
const prints = new Map(
  names
    .filter((step) => steps[step].length > 0)
    .map((step) => [step, fingerprint(root, trackedFiles(...steps[step]))]),
);

/** @returns {Promise<{ isGood: boolean, output: string }>} */
const runScript = (/** @type {string} */ step) =>
  new Promise((resolve) => {
    const [name = '', parameters = ''] = step.split(' -- ');
    // Without npm, which takes a quarter of a second each time.
    const child = spawn(`${scripts[name]} ${parameters}`, {
      cwd: root,
      shell: true,
      env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env['PATH']}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => resolve({ isGood: false, output: error.message }));
    child.once('close', (code) => resolve({ isGood: code === 0, output }));
  });

const isSame = (/** @type {string} */ step) => {
  const print = prints.get(step);
  return print !== undefined && !isWhole && passed.has(step, print);
};
const due = names.filter((step) => !isSame(step));
if (due.length < names.length)
  process.stdout.write(`passed before on these files: ${names.filter(isSame).join(', ')}\n`);
const failed = await runSteps(due, 2, runScript, (text) => process.stdout.write(text));
for (const step of due) {
  const print = prints.get(step);
  if (print !== undefined && !failed.includes(step)) passed.add(step, print);
}
process.exitCode = failed.length === 0 ? 0 : 1;
