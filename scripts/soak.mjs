#!/usr/bin/env node
// Mixed load at half of what a ledger can do, for a long time: memory stays flat, and the event loop free.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { describe, load } from './bench/http-load.mjs';
import { account, LedgerUnderTest, uniform } from './bench/ledger-under-test.mjs';
import { endAll, removeFolder, startStandalone, stopProgram, temporaryFolder } from './bench/start.mjs';
import { Verdicts } from './bench/verdicts.mjs';
import { nodeOptions } from './lib/node-options.mjs';
import { build, installMissing } from './lib/prepare.mjs';
import { residentMb } from './lib/resident-mb.mjs';

const usage = `Usage: npm run soak -- [--minutes N] [--heap MB]

  --minutes N  how long (default 30); the first fifth, 5 minutes at most, is for warming up
  --heap MB    the most that the old generation may take, such as 512 (default: as Node decides)

Measures what the ledger can do first, then sends half of that: posts, bulks, balances and lists. After the warm-up
resident memory may grow by 1 MB a minute (a run of less than 20 minutes only tells it), and the event loop may be
late by 50 ms at the 99th percentile. It tells what of the memory is the index of checkpoints, which ends at 56 MB.
`;
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    heap: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}

const accounts = 1_000;
const connections = 64;
const capacitySeconds = 10;
const warmUpMinutesMax = 5;
const sampleMs = 5_000;
const lateMsMax = 50;
const growthMbMax = 1;
/** A shorter run says nothing about a trend. */
const minutesOfTrend = 20;
/** What the metric has when nothing is late: the time between two looks. */
const resolutionMs = 20;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => void endAll().finally(() => process.exit(1)));
installMissing();
build();
process.exit((await soak(Number(values.minutes))) ? 0 : 1);

async function soak(minutes) {
  const folder = await temporaryFolder('soak');
  const heap = values.heap === undefined ? [] : [`--max-old-space-size=${values.heap}`];
  const standalone = await startStandalone({ DATA_DIR: path.join(folder, 'data') }, [
    ...nodeOptions,
    ...heap,
  ]);
  const verdicts = new Verdicts();
  try {
    const ledger = new LedgerUnderTest(standalone);
    await ledger.open('soak');
    await ledger.openAccounts(accounts);
    const send = (seconds, rate) =>
      load({
        url: ledger.url,
        headers: ledger.headers,
        connections,
        seconds,
        request: mixed(ledger),
        expect: (status) => status === 200 || status === 201,
        ...(rate === undefined ? {} : { rate }),
      });
    const capacity = await send(capacitySeconds);
    console.log(describe('mixed load, closed loop', capacity));
    const warmUpMinutes = Math.min(warmUpMinutesMax, minutes / 5);
    const rate = Math.round(capacity.perSecond / 2);
    const samples = [];
    const sampling = sampleMemory(standalone.pid, minutes * 60_000, samples);
    const loading = send(minutes * 60, rate);
    await sleep(warmUpMinutes * 60_000);
    // Each question starts the measurement of the loop again.
    const { indexMb } = await metricsOf(ledger);
    const end = sleep((minutes - warmUpMinutes) * 60_000 - sampleMs).then(() => metricsOf(ledger));
    const result = await loading;
    await sampling;
    console.log(describe(`mixed load, open loop at ${rate}/s`, result));
    const warm = samples.filter(({ minute }) => minute >= warmUpMinutes);
    const { lateMs, indexMb: indexMbThen } = await end;
    const growth = slope(warm);
    verdicts.note('resident memory after warm-up, MB', warm[0]?.mb ?? NaN);
    verdicts.note('resident memory in the end, MB', warm.at(-1)?.mb ?? NaN);
    if (minutes >= minutesOfTrend) verdicts.atMost('its growth, MB a minute', growth, growthMbMax);
    else verdicts.note('its growth, MB a minute', growth);
    verdicts.note('index of checkpoints after warm-up, MB', indexMb);
    verdicts.note('index of checkpoints in the end, MB', indexMbThen);
    verdicts.atMost('event loop late, p99, ms', Math.max(0, lateMs - resolutionMs), lateMsMax);
    verdicts.atMost('requests that failed', result.errors, 0);
  } finally {
    await stopProgram(standalone);
    await removeFolder(folder);
  }
  return verdicts.print();
}

/** Of a hundred: 60 posts, 2 bulks of 20, 20 balances, 10 accounts, 8 lists of transactions. */
function mixed(ledger) {
  const pick = uniform(accounts);
  const post = ledger.transfer(pick, accounts);
  const bulk = ledger.bulk(20, accounts);
  return () => {
    const dice = Math.random() * 100;
    if (dice < 60) return post();
    if (dice < 62) return bulk();
    const one = account(pick());
    if (dice < 82) return { path: `${ledger.path}/accounts/${one}/balance` };
    if (dice < 92) return { path: `${ledger.path}/accounts/${one}` };
    return { path: `${ledger.path}/transactions?account=${one}&limit=20` };
  };
}

async function sampleMemory(pid, forMs, samples) {
  const since = performance.now();
  let toldMinutes = 0;
  while (performance.now() - since < forMs) {
    const minute = (performance.now() - since) / 60_000;
    const mb = await residentMb(pid);
    samples.push({ minute, mb });
    if (minute >= toldMinutes + 1) {
      toldMinutes = Math.floor(minute);
      console.log(`after ${toldMinutes} minutes: ${Math.round(mb)} MB resident`);
    }
    await sleep(sampleMs);
  }
}

/** How late the event loop was since this was asked the last time, at p99; and the index of checkpoints. */
async function metricsOf(ledger) {
  const answer = await fetch(`${ledger.url}/metrics`, { headers: ledger.headers });
  const text = await answer.text();
  const metric = (name) => Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)`, 'm').exec(text)?.[1]);
  return {
    lateMs: metric('nodejs_eventloop_delay_p99_seconds') * 1_000,
    indexMb: metric('ledger_checkpoint_index_bytes') / 1e6,
  };
}

/** MB a minute: the line that fits best. */
function slope(samples) {
  const mean = (pick) => samples.reduce((sum, sample) => sum + pick(sample), 0) / samples.length;
  const [minutes, mbs] = [mean(({ minute }) => minute), mean(({ mb }) => mb)];
  const above = samples.reduce((sum, { minute, mb }) => sum + (minute - minutes) * (mb - mbs), 0);
  const below = samples.reduce((sum, { minute }) => sum + (minute - minutes) ** 2, 0);
  return below === 0 ? 0 : above / below;
}
