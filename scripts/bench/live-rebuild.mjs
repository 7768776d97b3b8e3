// What a rebuild costs those who post meanwhile: paced posts and reads of one ledger, before and beside it.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from './http-load.mjs';
import { LedgerUnderTest } from './ledger-under-test.mjs';
import { pacedLoad } from './paced-load.mjs';
import { removeFolder, startStandalone, stopProgram, temporaryFolder } from './start.mjs';
import { Verdicts } from './verdicts.mjs';

const pace = 100;
const accounts = 1_000;
const bulkSize = 1_000;
/** Those whose rebuild is begun; each has to be under way for as long as is measured. */
const projections = ['accounts', 'entries'];

/** `transactions`: how many there are before. */
export async function run({ seconds, transactions = 200_000 }) {
  const verdicts = new Verdicts();
  const folder = await temporaryFolder('live-rebuild');
  const standalone = await startStandalone({ DATA_DIR: path.join(folder, 'data') });
  try {
    const ledger = new LedgerUnderTest(standalone);
    await ledger.open('live');
    await ledger.openAccounts(accounts);
    await post(ledger, transactions);
    await ledger.settled();
    // Of a process that is warm.
    await pacedLoad(ledger, { pace, accounts, seconds: 2 });
    const alone = await pacedLoad(ledger, { pace, accounts, seconds });
    console.log(`alone: ${say(alone)}`);
    for (const projection of projections)
      await measureBeside(ledger, projection, { alone, seconds, verdicts });
  } finally {
    await stopProgram(standalone);
    await removeFolder(folder);
  }
  return verdicts.print();
}

async function measureBeside(ledger, projection, { alone, seconds, verdicts }) {
  const measuring = pacedLoad(ledger, { pace, accounts, seconds: seconds + 2 });
  // It is to begin beside posts: while nobody posts all processors fill.
  await sleep(2_000);
  const rebuilds = `/v1/projections/${projection}/rebuilds`;
  const { id } = await ledger.post(rebuilds, { auto_swap: false });
  const beside = await measuring;
  const now = await ledger.get(`${rebuilds}/${id}`);
  console.log(
    `beside ${projection}: ${say(beside)}; ${now.state}, ${now.done} of ${now.total}, ` +
      `${Math.round(now.events_per_second)}/s`,
  );
  verdicts.atMost(`${projection}: p99 of posts, beside / alone`, beside.posts.p99 / alone.posts.p99, 2);
  verdicts.atMost(`${projection}: p99 of reads, beside / alone`, beside.reads.p99 / alone.reads.p99, 2);
  verdicts.atMost(`${projection}: posts and reads that failed`, beside.errors, 0);
  if (!['ready', 'failed'].includes(now.state)) await ledger.post(`${rebuilds}/${id}/cancel`, {});
  await ledger.settled();
}

async function post(ledger, transactions) {
  let left = Math.ceil(transactions / bulkSize);
  const { errors, firstError } = await load({
    url: ledger.url,
    headers: ledger.headers,
    connections: 4,
    seconds: 3_600,
    warmupSeconds: 0,
    isDone: () => left-- <= 0,
    request: ledger.bulk(bulkSize, accounts),
  });
  if (errors > 0) throw new Error(firstError);
}

const ms = (value) => `${value.toFixed(1)} ms`;
const say = ({ posts, reads }) =>
  `posts ${Math.round(posts.perSecond)}/s, p50 ${ms(posts.p50)}, p99 ${ms(posts.p99)}; reads p99 ${ms(reads.p99)}`;
