#!/usr/bin/env node
// Everything that CI demands of the code besides its tests, two steps at a time. See --help.
import { spawn } from 'node:child_process';
import process from 'node:process';
import { root } from './lib/prepare.mjs';
import { runSteps } from './lib/run-steps.mjs';

/** Longest first, so that the last one to end is a short one. */
const steps = [
  'typecheck',
  'lint:types',
  'check:architecture',
  'check:unused',
  'generate -- --check',
  'lint',
  'format:check',
  'typecheck:scripts',
  'style',
  'check:compatibility',
  'check:commits',
  'check:docs',
  'check:containers',
  'check:lockfile',
];
if (process.argv.includes('--help')) {
  process.stdout.write(`Usage: npm run check

Runs these npm scripts, two at a time, shows what each that fails has said, and says how long each took:
  ${steps.join('\n  ')}
`);
  process.exit(0);
}

/** @returns {Promise<{ isGood: boolean, output: string }>} */
const runScript = (/** @type {string} */ step) =>
  new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', ...step.split(' ')], {
      cwd: root,
      shell: process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => resolve({ isGood: false, output: error.message }));
    child.once('close', (code) => resolve({ isGood: code === 0, output }));
  });

const failed = await runSteps(steps, 2, runScript, (text) => process.stdout.write(text));
process.exitCode = failed.length === 0 ? 0 : 1;
