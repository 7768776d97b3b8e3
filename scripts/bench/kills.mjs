// How long a keyed request waits for its answer when the writer of its ledger is killed, in the distributed set.
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LedgerUnderTest } from './ledger-under-test.mjs';
import { removeFolder, startPostgres, startProgram, stopProgram, temporaryFolder } from './start.mjs';
import { Verdicts } from './verdicts.mjs';

const clients = 32;
const accounts = 100;
/** Of load before each kill: what is warm is faster. */
const beforeMs = 3_000;
/** A client that is told to try again does so after this. */
const retryMs = 100;
const giveUpMs = 60_000;
const waitMsMax = 4_000;

/** `rounds`: writers that are killed, on each store. */
export async function run({ rounds, store }) {
  const verdicts = new Verdicts();
  for (const name of store === undefined ? ['postgres', 'eventstoredb'] : [store]) {
    const folder = await temporaryFolder('kills');
    try {
      const waits = await killWriters(folder, name, rounds);
      console.log(`${name}: the longest waits, by kill, ms: ${waits.map(Math.round).join(', ')}`);
      verdicts.atMost(`the longest wait of a keyed request, ${name}, ms`, Math.max(...waits), waitMsMax);
    } finally {
      await removeFolder(folder);
    }
  }
  return verdicts.print();
}

async function killWriters(folder, store, rounds) {
  const programs = [];
  const start = async (args, env) => {
    const program = await startProgram(args, { LOG_LEVEL: 'warn', ...env });
    programs.push(program);
    return program;
  };
  const postgres = await startPostgres(path.join(folder, 'postgres'));
  try {
    const given = process.env.EVENT_STORE_URL;
    const url =
      store !== 'eventstoredb'
        ? ''
        : given || (await start(['scripts/bench/eventstore-server.mjs'], {})).line;
    const environment = {
      DATABASE_URL: postgres.url,
      EVENT_STORE_URL: url,
      API_KEY_PEPPER: randomBytes(32).toString('hex'),
      WRITER_PORT: '0',
      HEALTH_PORT: '0',
    };
    const startWriter = () => start(['dist/apps/writer/src/main.js'], environment);
    let owner = await startWriter();
    const parameters = ['--json', '--port', '0', '--writers', '0', '--data-dir', path.join(folder, 'data')];
    const set = await start(['scripts/up-distributed.mjs', ...parameters], environment);
    const ledger = new LedgerUnderTest(JSON.parse(set.line));
    await ledger.open('killed');
    await ledger.openAccounts(accounts);
    const waits = [];
    for (let round = 1; round <= rounds; round += 1) {
      // The only one that there was has the ledger.
      const next = await startWriter();
      waits.push(await longestWait(ledger, owner));
      owner = next;
    }
    return waits;
  } finally {
    for (const program of programs.reverse()) await stopProgram(program);
    await postgres.stop();
  }
}

/** Of the requests that were under way at the kill, or begun later; milliseconds. */
async function longestWait(ledger, writer) {
  const ending = new AbortController();
  const requests = [];
  const work = Array.from({ length: clients }, () => keepPosting(ledger, requests, ending.signal));
  await sleep(beforeMs);
  writer.child.kill('SIGKILL');
  const killedAt = performance.now();
  const isOver = ({ sentAt, answeredAt }) => sentAt > killedAt && answeredAt !== undefined;
  // Then each client has been answered what it had sent before the kill.
  while (requests.filter(isOver).length < 20 * clients) {
    if (performance.now() - killedAt > giveUpMs) throw new Error(`not all are answered after ${giveUpMs} ms`);
    await sleep(20);
  }
  ending.abort();
  await Promise.all(work);
  return Math.max(
    ...requests.filter(({ answeredAt }) => answeredAt > killedAt).map((one) => one.answeredAt - one.sentAt),
  );
}

async function keepPosting(ledger, requests, signal) {
  while (!signal.aborted) {
    /** @type {{ sentAt: number, answeredAt?: number }} */
    const request = { sentAt: performance.now() };
    requests.push(request);
    await postUntilBooked(ledger);
    request.answeredAt = performance.now();
  }
}

async function postUntilBooked(ledger) {
  const debit = below(accounts);
  const credit = (debit + 1 + below(accounts - 1)) % accounts;
  const body = JSON.stringify(ledger.transferBody(debit, credit));
  const key = `${ledger.run}-${(ledger.keys += 1)}`;
  const headers = { ...ledger.headers, 'content-type': 'application/json', 'idempotency-key': key };
  for (;;) {
    const answer = await fetch(`${ledger.url}${ledger.path}/transfers`, { method: 'POST', headers, body });
    const text = await answer.text();
    if (answer.status === 201) return;
    if (answer.status !== 503) throw new Error(`${answer.status} ${text}`);
    await sleep(retryMs);
  }
}

const below = (count) => Math.floor(Math.random() * count);
