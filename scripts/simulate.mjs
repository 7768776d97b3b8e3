#!/usr/bin/env node
// Runs the journal writer in a simulated cluster, in virtual time, with faults as a seed says. A failure is its seed.
import { randomInt } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, installMissing, root } from './lib/prepare.mjs';

const usage = `Usage: npm run simulate -- [--seed N] [--commands M] [--runs R]

  --seed N      the first seed; by default a random one. The same seed gives the same run
  --commands M  how many commands the clients send in one run (default 2000)
  --runs R      how many seeds, one after the other (default 1)

Clients, one to three writers that all believe to own the ledger, and a store, in one process: answers are lost, processes
die, clocks jump, checkpoints fail. Afterwards every acknowledged command must be there once, and the books must balance.
Prints one JSON line for each run; on a failure the seed, and exit code 1.
`;
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    commands: { type: 'string', default: '2000' },
    runs: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const whole = (name) => {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  process.stderr.write(`--${name} must be a whole number\n\n${usage}`);
  return process.exit(2);
};
const first = values.seed === undefined ? randomInt(2 ** 31) : whole('seed');
const [commands, runs] = [whole('commands'), whole('runs')];

installMissing();
build();
const library = path.join(root, 'dist', 'libs', 'testing', 'simulation', 'index.js');
const { simulate } = createRequire(import.meta.url)(library);

for (let seed = first; seed < first + runs; seed += 1) {
  const startedAt = Date.now();
  try {
    const result = await simulate(seed, commands);
    process.stdout.write(
      `${JSON.stringify({ seed, commands, ...result, tookMs: Date.now() - startedAt })}\n`,
    );
  } catch (error) {
    process.stderr.write(`${error.stack ?? error}\n\nThe simulation failed. The same again:\n`);
    process.stderr.write(`  npm run simulate -- --seed ${seed} --commands ${commands}\n`);
    process.exit(1);
  }
}
// Virtual timers that were never due keep nothing alive, but a killed writer's promises are still there.
process.exit(0);
