// What ledgers at which the projector halts cost another one: its posts before and meanwhile.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from './http-load.mjs';
import { account, LedgerUnderTest, uniform } from './ledger-under-test.mjs';
import { lib, removeFolder, startPostgres, startStandalone, stopProgram, temporaryFolder } from './start.mjs';
import { Verdicts } from './verdicts.mjs';

const accounts = 100;

/** `ledgers`: how many halt. Posts and reads of another ledger are measured before and while they are halted. */
export async function run({ seconds, connections, halted = 200 }) {
  const verdicts = new Verdicts();
  const folder = await temporaryFolder('halts');
  const postgres = await startPostgres(path.join(folder, 'postgres'));
  const environment = { DATABASE_URL: postgres.url, DATA_DIR: path.join(folder, 'data') };
  let standalone = await startStandalone(environment);
  const database = lib('platform/postgres').connect({
    connectionString: postgres.url,
    max: 2,
    statementTimeoutMs: 60_000,
  });
  try {
    const healthy = new LedgerUnderTest(standalone);
    await healthy.open('healthy');
    await healthy.openAccounts(accounts);
    const others = await openLedgers(standalone, halted);
    await healthy.settled();
    const ledgers = [healthy, ...others];
    const start = async () => {
      standalone = await startStandalone(environment);
      for (const ledger of ledgers) ledger.url = standalone.url;
    };
    const measure = () => measured(healthy, { connections, seconds });
    await stopProgram(standalone);
    await start();
    const before = await measure();
    // Their accounts, two of each, are not what the next event finds: the journal goes on, the read models halt.
    await stopProgram(standalone);
    await database.query(
      `update read.accounts set version = version + 1
        where ledger_key in (select ledger_key from read.accounts group by ledger_key having count(*) = 2)`,
    );
    await start();
    await Promise.all(
      others.map((ledger) => ledger.post(`${ledger.path}/transfers`, ledger.transferBody(0, 1))),
    );
    await haltedStreams(database, halted);
    const meanwhile = await measure();
    const after = await haltedStreams(database, 1);
    console.log(`${after} streams halted; posts ${say(before)} before, ${say(meanwhile)} meanwhile`);
    verdicts.atLeast(
      'posts of another ledger, meanwhile / before',
      meanwhile.perSecond / before.perSecond,
      0.95,
    );
    verdicts.note('until visible, meanwhile / before', meanwhile.visible / before.visible);
  } finally {
    await database.close();
    await stopProgram(standalone);
    await postgres.stop();
    await removeFolder(folder);
  }
  return verdicts.print();
}

/** Of a process that has just begun: after as much as is measured, so that it is warm. */
async function measured(ledger, { connections, seconds }) {
  const post = () =>
    load({
      url: ledger.url,
      headers: ledger.headers,
      connections,
      seconds,
      request: ledger.transfer(uniform(accounts), accounts),
    });
  await post();
  return { perSecond: (await post()).perSecond, visible: await visibleMs(ledger) };
}

async function openLedgers(standalone, count) {
  const ledgers = [];
  for (let number = 0; number < count; number += 1) {
    const ledger = new LedgerUnderTest(standalone);
    await ledger.open(`halted ${number}`);
    for (const address of [account(0), account(1)])
      await ledger.post(`${ledger.path}/accounts`, { address, type: 'liability', currency: 'USD' });
    ledgers.push(ledger);
  }
  return ledgers;
}

/** How long a post takes until a query sees it, milliseconds: the middle one of some. */
async function visibleMs(ledger) {
  const times = [];
  for (let at = 0; at < 20; at += 1) {
    const since = performance.now();
    await ledger.post(`${ledger.path}/transfers`, ledger.transferBody(0, 1));
    await ledger.get(`${ledger.path}/accounts/${account(0)}/balance`);
    times.push(performance.now() - since);
  }
  return times.toSorted((a, b) => a - b)[10];
}

async function haltedStreams(database, atLeast) {
  for (;;) {
    const { rows } = await database.query(
      'select count(distinct stream)::int as count from read.halted_streams',
    );
    if (rows[0].count >= atLeast) return rows[0].count;
    await sleep(200);
  }
}

const say = ({ perSecond, visible }) => `${Math.round(perSecond)}/s, visible after ${visible.toFixed(1)} ms`;
