// The distributed set beside the embedded mode: writes, how long a write takes to be visible, and the rates of relay and Kafka projector.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drive } from './drive.mjs';
import { describe, load, summary } from './http-load.mjs';
import { LedgerUnderTest, uniform } from './ledger-under-test.mjs';
import {
  cpuSeconds,
  removeFolder,
  startPostgres,
  startProgram,
  startStandalone,
  stopProgram,
  temporaryFolder,
} from './start.mjs';
import { streamRates } from './stream-rates.mjs';
import { Verdicts } from './verdicts.mjs';

const lagRate = 2_000;
const probesPerSecond = 50;
/** Five fresh processes compile their hot paths first. */
const warmupSeconds = 5;

export async function run({ seconds, connections, tool, accounts = 10_000, transactions = 200_000, store }) {
  const options = { seconds, connections, tool, accounts };
  const rates = new Map();
  const verdicts = new Verdicts();
  const folder = await temporaryFolder('distributed');
  try {
    const embedded = await embeddedWrites(path.join(folder, 'embedded'), options);
    for (const name of store === undefined ? ['eventstoredb', 'postgres'] : [store]) {
      const { writes, lag } = await distributed(path.join(folder, name), name, options);
      rates.set(name, writes.perSecond);
      verdicts.atMost(`stored to visible, ${name}, p99 at ${lagRate}/s, ms`, lag.p99, 250);
    }
    // Before and after, so that a machine that slows down meanwhile does not count for or against us.
    const again = await embeddedWrites(path.join(folder, 'again'), options);
    const peer = (embedded.perSecond + again.perSecond) / 2;
    for (const [name, rate] of rates) verdicts.atLeast(`writes, ${name} / embedded`, rate / peer, 0.6);
    const stream = await streamRates(path.join(folder, 'rates'), transactions);
    verdicts.atLeast('relay, events/s', stream.relay, 20_000);
    verdicts.atLeast('Kafka projector, events/s', stream.projector, 20_000);
  } finally {
    await removeFolder(folder);
  }
  return verdicts.print();
}

async function embeddedWrites(folder, options) {
  const postgres = await startPostgres(path.join(folder, 'postgres'));
  const standalone = await startStandalone({
    DATABASE_URL: postgres.url,
    DATA_DIR: path.join(folder, 'data'),
  });
  try {
    return await writes('embedded: single posts', new LedgerUnderTest(standalone), options);
  } finally {
    await stopProgram(standalone);
    await postgres.stop();
  }
}

/** Everything that `npm run up:distributed` starts; EventStoreDB is the server of the tests, unless EVENT_STORE_URL names a real one. */
async function distributed(folder, store, options) {
  const isEventStoreDb = store === 'eventstoredb';
  const given = isEventStoreDb ? process.env.EVENT_STORE_URL : undefined;
  const server =
    isEventStoreDb && !given ? await startProgram(['scripts/bench/eventstore-server.mjs']) : undefined;
  const set = await startProgram(
    ['scripts/up-distributed.mjs', '--json', '--port', '0', '--data-dir', folder],
    {
      LOG_LEVEL: 'warn',
      EVENT_STORE_URL: given ?? server?.line ?? '',
    },
  );
  try {
    const ready = JSON.parse(set.line);
    const ledger = new LedgerUnderTest(ready);
    const processes = { ...ready.processes, ...(server && { 'event store': server.child.pid }) };
    const result = await writes(`distributed, ${store}: single posts`, ledger, options, processes);
    await ledger.settled();
    await sleep(2_000);
    return { writes: result, lag: await lagUnderLoad(ledger, store, options) };
  } finally {
    await stopProgram(set);
    if (server) await stopProgram(server);
  }
}

async function writes(name, ledger, { seconds, connections, tool, accounts }, processes = {}) {
  await ledger.open('bench');
  await ledger.openAccounts(accounts);
  const request = ledger.transfer(uniform(accounts), accounts);
  const target = { url: ledger.url, headers: ledger.headers, connections, request };
  await drive(tool, { ...target, seconds: warmupSeconds });
  const before = await timesOf(processes);
  const result = await drive(tool, { ...target, seconds });
  const after = await timesOf(processes);
  console.log(describe(name, result));
  for (const [process, cpu] of Object.entries(after)) {
    const micros = ((cpu - before[process]) / result.done) * 1e6;
    console.log(`${`  processor time a post, ${process}`.padEnd(44)} ${micros.toFixed(0).padStart(7)} µs`);
  }
  const firstError = 'firstError' in result ? result.firstError : '';
  if (result.errors > 0) throw new Error(`${result.errors} errors: ${firstError}`);
  return result;
}

async function timesOf(processes) {
  const times = {};
  for (const [name, pid] of Object.entries(processes)) times[name] = await cpuSeconds(pid);
  return times;
}

/** From the answer to a command until a query that asks for its position is answered, while 2,000 others a second are booked. */
async function lagUnderLoad(ledger, store, { seconds, accounts }) {
  const request = ledger.transfer(uniform(accounts), accounts);
  const stop = new AbortController();
  const times = [];
  const probes = probe(ledger, request, times, stop.signal);
  const open = await load({
    url: ledger.url,
    headers: ledger.headers,
    connections: 128,
    seconds: Math.max(seconds, 10),
    warmupSeconds: 3,
    rate: lagRate - probesPerSecond,
    request,
  });
  stop.abort();
  await probes;
  console.log(describe(`distributed, ${store}: open loop at ${lagRate}/s`, open));
  // The first ones fell into the warm-up.
  const lag = summary(times.slice(3 * probesPerSecond));
  console.log(
    `distributed, ${store}: stored to visible           p50 ${lag.p50.toFixed(1)} ms  p99 ${lag.p99.toFixed(1)} ms  max ${lag.max.toFixed(1)} ms  (${times.length} probes)`,
  );
  return lag;
}

async function probe(ledger, request, times, signal) {
  const under = [];
  for (let n = 0; !signal.aborted; n += 1) {
    under.push(probeOnce(ledger, request()).then((ms) => times.push(ms)));
    await sleep(1_000 / probesPerSecond);
  }
  await Promise.all(under);
}

async function probeOnce(ledger, { path: to, body }) {
  const headers = { ...ledger.headers, 'content-type': 'application/json' };
  const posted = await fetch(`${ledger.url}${to}`, { method: 'POST', headers, body });
  const { id } = await ledger.read(posted);
  const storedAt = performance.now();
  const position = posted.headers.get('ledger-position');
  const seen = await fetch(`${ledger.url}${ledger.path}/transactions/${id}`, {
    headers: { ...ledger.headers, 'ledger-min-position': position },
  });
  await ledger.read(seen);
  return performance.now() - storedAt;
}
