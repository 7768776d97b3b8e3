// Single posts over many ledgers beside those to one, in turns on one server.
import path from 'node:path';
import { describe, load } from './http-load.mjs';
import { account, LedgerUnderTest, uniform } from './ledger-under-test.mjs';
import { lib, removeFolder, startPostgres, startStandalone, stopProgram, temporaryFolder } from './start.mjs';
import { Verdicts } from './verdicts.mjs';

/**
 * @param {{ seconds: number, connections: number, rounds: number, accounts?: number, ledgers?: readonly number[],
 *   snapshot?: boolean }} options
 *   `ledgers`: over how many; `snapshot`: the whole once more while another client keeps a snapshot, as a backup does
 */
export async function run({ seconds, connections, rounds, accounts = 10, ledgers = [100, 1_000], snapshot }) {
  const verdicts = new Verdicts();
  const folder = await temporaryFolder('ledgers');
  const postgres = process.env.DATABASE_URL ? undefined : await startPostgres(path.join(folder, 'postgres'));
  const databaseUrl = process.env.DATABASE_URL ?? postgres.url;
  const standalone = await startStandalone({
    DATABASE_URL: databaseUrl,
    DATA_DIR: path.join(folder, 'data'),
  });
  try {
    const all = await openLedgers(standalone, Math.max(...ledgers), accounts);
    const counts = [1, ...ledgers];
    const measure = async (count) => {
      const result = await load({
        url: standalone.url,
        headers: all[0].headers,
        connections,
        seconds,
        request: transfers(all.slice(0, count), accounts),
      });
      console.log(describe(`${count} ledgers`, result));
      if (result.errors > 0) throw new Error(`${result.errors} errors, the first one: ${result.firstError}`);
      // What the projector and the checkpoints have not done yet belongs to this one.
      await all[0].settled();
      return result;
    };
    // Each is measured in each round, so that a machine that slows down counts for and against all of them.
    const inTurns = async () => {
      /** @type {Map<number, any[]>} */
      const rates = new Map(counts.map((count) => [count, []]));
      for (let round = 0; round < rounds; round += 1) {
        const order = round % 2 === 0 ? counts : [...counts].reverse();
        for (const count of order) rates.get(count)?.push(await measure(count));
      }
      return rates;
    };
    const rates = await inTurns();
    for (const count of counts) {
      const results = rates.get(count) ?? [];
      const ones = rates.get(1) ?? [];
      verdicts.note(`posts/s, ${count} ledgers`, median(results.map(({ perSecond }) => perSecond)));
      verdicts.note(`p99, ${count} ledgers, ms`, median(results.map(({ p99 }) => p99)));
      if (count === 1) continue;
      const ratio = median(results.map(({ perSecond }, round) => perSecond / ones[round].perSecond));
      if (count <= 1_000) verdicts.atLeast(`${count} ledgers / one`, ratio, 0.8);
      else verdicts.note(`${count} ledgers / one`, ratio);
    }
    if (snapshot) await beside(databaseUrl, inTurns, rates, verdicts);
  } finally {
    await stopProgram(standalone);
    await postgres?.stop();
    await removeFolder(folder);
  }
  return verdicts.print();
}

/** The same again, while a snapshot is kept: no version of a row that is replaced meanwhile can be removed. */
async function beside(databaseUrl, inTurns, before, verdicts) {
  const database = lib('platform/postgres').connect({ connectionString: databaseUrl });
  const session = await database.session();
  try {
    await session.query('begin isolation level repeatable read');
    await session.query('select 1');
    console.log('a snapshot is kept');
    const after = await inTurns();
    for (const [count, results] of after) {
      const last = results.at(-1).perSecond / median(before.get(count).map(({ perSecond }) => perSecond));
      verdicts.atLeast(`${count} ledgers, beside a snapshot / without, at the end`, last, 0.9);
    }
  } finally {
    await session.release();
    await database.close();
  }
}

async function openLedgers(server, count, accounts) {
  const all = [];
  let next = 0;
  const open = async () => {
    while (next < count) {
      next += 1;
      const ledger = new LedgerUnderTest(server);
      await ledger.open(`bench ${next}`);
      all.push(ledger);
    }
  };
  await Promise.all(Array.from({ length: 32 }, open));
  const requests = all.flatMap((ledger) =>
    Array.from({ length: accounts }, (_, number) => ({
      path: `${ledger.path}/accounts`,
      body: JSON.stringify({ address: account(number), type: 'liability', currency: 'USD' }),
    })),
  );
  let sent = 0;
  const { errors, firstError } = await load({
    url: server.url,
    headers: all[0].headers,
    connections: 64,
    seconds: 3_600,
    warmupSeconds: 0,
    isDone: () => sent >= requests.length,
    request: () => requests[sent++],
  });
  if (errors > 0) throw new Error(firstError);
  await all[0].settled();
  return all;
}

/** Each to a ledger at random. */
function transfers(ledgers, accounts) {
  const pick = uniform(ledgers.length);
  const requests = ledgers.map((ledger) => ledger.transfer(uniform(accounts), accounts));
  return () => requests[pick()]();
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
