// A large ledger: queries, paging depth, start-up after a crash, memory.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, load } from './http-load.mjs';
import { LedgerUnderTest, account, uniform } from './ledger-under-test.mjs';
import { removeFolder, startPostgres, startStandalone, stopProgram, temporaryFolder } from './start.mjs';
import { Verdicts } from './verdicts.mjs';

const cacheAccounts = 100_000;

export async function run({ seconds, accounts = 100_000, transactions = 400_000 }) {
  const verdicts = new Verdicts();
  const folder = await temporaryFolder('large');
  const postgres = process.env.DATABASE_URL ? undefined : await startPostgres(path.join(folder, 'postgres'));
  const env = {
    DATABASE_URL: process.env.DATABASE_URL ?? postgres.url,
    DATA_DIR: path.join(folder, 'data'),
    WRITER_CACHE_ACCOUNTS: String(cacheAccounts),
  };
  let standalone = await startStandalone(env);
  try {
    const ledger = new LedgerUnderTest(standalone);
    await ledger.open('large');
    await timed(`${accounts} accounts opened`, accounts, () => ledger.openAccounts(accounts));
    await timed(`${transactions} transactions posted`, transactions, () =>
      fill(ledger, accounts, transactions),
    );
    await timed('read models caught up, after', 1, () => ledger.settled());

    const get = async (name, pathOf) => {
      const result = await load({
        url: ledger.url,
        headers: ledger.headers,
        connections: 32,
        seconds,
        rate: 200,
        request: () => ({ path: pathOf() }),
        expect: 200,
      });
      console.log(describe(name, result));
      verdicts.atMost(`${name}, p99 at 200/s, ms`, result.p99, 20);
      if (result.errors > 0) verdicts.atMost(`${name}, errors`, result.errors, 0);
    };
    const pick = uniform(accounts);
    const ids = await someTransactions(ledger);
    await get('balance', () => `${ledger.path}/accounts/${account(pick())}/balance`);
    await get(
      'one transaction',
      () => `${ledger.path}/transactions/${ids[Math.floor(Math.random() * ids.length)]}`,
    );
    await get('a page of 100 transactions', () => `${ledger.path}/transactions?limit=100`);
    await get(
      "a page of an account's transactions",
      () => `${ledger.path}/transactions?limit=100&account=${account(pick())}`,
    );
    await get(
      "a page of an account's entries",
      () => `${ledger.path}/accounts/${account(pick())}/entries?limit=100`,
    );
    await pagingDepth(ledger, verdicts);

    standalone.child.kill('SIGKILL');
    await new Promise((resolve) => standalone.child.once('exit', resolve));
    const startedAt = performance.now();
    standalone = await startStandalone(env);
    const again = new LedgerUnderTest(standalone);
    again.path = ledger.path;
    await again.post(`${ledger.path}/transfers`, ledger.transferBody(1, 2));
    verdicts.atMost(
      'start-up after kill -9 to the first post, s',
      (performance.now() - startedAt) / 1_000,
      5,
    );

    // In the new process: what filling took is not what writing takes.
    const memory = await load({
      url: again.url,
      headers: again.headers,
      connections: 256,
      seconds: Math.max(seconds, 15),
      request: again.transfer(pick, accounts),
    });
    console.log(describe(`single posts over ${accounts} accounts, cache of ${cacheAccounts}`, memory));
    verdicts.atMost('memory of the whole process, MB', (await peakMemory(standalone.pid)) / 1e6, 600);
  } finally {
    await stopProgram(standalone);
    await postgres?.stop();
    await removeFolder(folder);
  }
  return verdicts.print();
}

async function fill(ledger, accounts, transactions) {
  const size = 1_000;
  let left = Math.ceil(transactions / size);
  const next = ledger.bulk(size, accounts);
  const { errors, firstError } = await load({
    url: ledger.url,
    headers: ledger.headers,
    connections: 2,
    seconds: 7_200,
    warmupSeconds: 0,
    isDone: () => left <= 0,
    request: () => {
      left -= 1;
      return next();
    },
  });
  if (errors > 0) throw new Error(firstError);
}

async function someTransactions(ledger) {
  const ids = [];
  let cursor = '';
  while (ids.length < 2_000) {
    const {
      data,
      has_more: hasMore,
      next_cursor: next,
    } = await ledger.get(`${ledger.path}/transactions?limit=100${cursor && `&cursor=${cursor}`}`);
    ids.push(...data.map(({ id }) => id));
    if (!hasMore) break;
    cursor = next;
  }
  return ids;
}

/** A page far down must not be slower than the first: the median of 50 pages at each end of a long walk. */
async function pagingDepth(ledger, verdicts) {
  const times = [];
  let cursor = '';
  for (let page = 0; page < 1_000; page += 1) {
    const startedAt = performance.now();
    const { has_more: hasMore, next_cursor: next } = await ledger.get(
      `${ledger.path}/transactions?limit=100${cursor && `&cursor=${cursor}`}`,
    );
    times.push(performance.now() - startedAt);
    if (!hasMore) break;
    cursor = next;
  }
  const median = (part) => part.toSorted((a, b) => a - b)[Math.floor(part.length / 2)];
  verdicts.atMost(
    `page ${times.length} / first page of transactions`,
    median(times.slice(-50)) / median(times.slice(0, 50)),
    1.5,
  );
}

async function timed(name, count, work) {
  const startedAt = performance.now();
  await work();
  const took = (performance.now() - startedAt) / 1_000;
  console.log(`${name.padEnd(44)} ${took.toFixed(1)} s${count > 1 ? `, ${Math.round(count / took)}/s` : ''}`);
}

/** The most resident memory that the process has had, in bytes. */
async function peakMemory(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1_024;
}
