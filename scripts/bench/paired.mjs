// Two builds of the product under the same load, in turns: what a change costs, on a machine whose speed is not known.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drive } from './drive.mjs';
import { LedgerUnderTest, uniform, zipf } from './ledger-under-test.mjs';
import { root } from '../lib/prepare.mjs';
import { cpuSeconds, removeFolder, startProgram, stopProgram, temporaryFolder } from './start.mjs';
import { Verdicts } from './verdicts.mjs';

const loads = {
  uniform: (accounts) => uniform(accounts),
  zipf: (accounts) => zipf(accounts),
  'one hot account': () => () => 0,
};

/** `against`: a checkout of the commit to compare with, built (`npm run build` in it). */
export async function run(options) {
  const { seconds, connections, tool, accounts = 10_000, against, rounds, logLevel } = options;
  const { operations = Object.keys(loads) } = options;
  if (against === undefined) throw new Error('say with --against which checkout to compare with');
  const level = logLevel === undefined ? {} : { LOG_LEVEL: logLevel };
  const before = await startBuild(path.resolve(against), accounts, level);
  const after = await startBuild(root, accounts, level);
  const builds = { before, after };
  const ratios = {};
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const name of operations) {
        const pick = loads[name];
        // The second one meets a warmer machine: the order changes with each round.
        const order = round % 2 === 0 ? ['before', 'after'] : ['after', 'before'];
        const figures = {};
        for (const which of order)
          figures[which] = await measure(builds[which], pick(accounts), {
            seconds,
            connections,
            tool,
            accounts,
          });
        const ratio = figures.after.perSecond / figures.before.perSecond;
        (ratios[name] ??= []).push({
          rate: ratio,
          node: figures.after.node / figures.before.node,
          all: figures.after.all / figures.before.all,
        });
        console.log(
          `${name.padEnd(16)} before ${say(figures.before)}   after ${say(figures.after)}   ratio ${ratio.toFixed(3)}`,
        );
      }
    }
  } finally {
    for (const build of Object.values(builds)) await build.stop();
  }
  const verdicts = new Verdicts();
  const limit = logLevel === undefined ? 0.9 : 0.95;
  for (const [name, all] of Object.entries(ratios)) {
    verdicts.atLeast(
      `${name}: posts, after / before (median of ${rounds})`,
      median(all.map(({ rate }) => rate)),
      limit,
    );
    verdicts.note(
      `${name}: processor time of the process a post, after / before`,
      median(all.map(({ node }) => node)),
    );
    verdicts.note(
      `${name}: processor time with PostgreSQL a post, after / before`,
      median(all.map((r) => r.all)),
    );
  }
  return verdicts.print();
}

async function startBuild(directory, accounts, level) {
  const folder = await temporaryFolder('paired');
  // Each as it starts itself.
  const { nodeOptions } = await import(path.join(directory, 'scripts', 'lib', 'node-options.mjs'));
  const main = path.join(directory, 'dist', 'apps', 'standalone', 'src', 'main.js');
  const program = await startProgram(
    [...nodeOptions, main, '--json', '--port', '0', '--data-dir', path.join(folder, 'data')],
    level,
    directory,
  );
  const ledger = new LedgerUnderTest(JSON.parse(program.line));
  await ledger.open('bench');
  await ledger.openAccounts(accounts);
  await ledger.settled();
  return {
    ledger,
    pid: program.child.pid,
    async stop() {
      await stopProgram(program);
      await removeFolder(folder);
    },
  };
}

async function measure({ ledger, pid }, pick, { seconds, connections, tool, accounts }) {
  const before = await processorTime(pid);
  const result = await drive(tool, {
    url: ledger.url,
    headers: ledger.headers,
    connections,
    seconds,
    request: ledger.transfer(pick, accounts),
  });
  if (result.errors > 0) throw new Error(`${result.errors} errors`);
  // What the projector has not done yet belongs to these posts as well.
  await ledger.settled();
  await sleep(200);
  const after = await processorTime(pid);
  const posts = result.perSecond * (seconds + (tool === 'raw' ? 1 : 0));
  return {
    ...result,
    node: ((after.node - before.node) / posts) * 1e6,
    all: ((after.all - before.all) / posts) * 1e6,
  };
}

/** Of the process, and of it with its children (the embedded PostgreSQL), in seconds. */
async function processorTime(pid) {
  const parents = new Map();
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => undefined);
    if (stat !== undefined)
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const family = [pid];
  for (const one of family) for (const [child, parent] of parents) if (parent === one) family.push(child);
  let all = 0;
  for (const one of family) all += (await cpuSeconds(one)) || 0;
  return { node: await cpuSeconds(pid), all };
}

const say = ({ perSecond, p99, node, all }) =>
  `${Math.round(perSecond)}/s p99 ${p99.toFixed(0)} ms ${node.toFixed(0)}+${(all - node).toFixed(0)} us`;
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
