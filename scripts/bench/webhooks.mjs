// Deliveries of webhooks to a receiver in this process: how many, how soon beside receivers that fail, and replays.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentMb } from '../lib/resident-mb.mjs';
import { LedgerUnderTest } from './ledger-under-test.mjs';
import { pacedLoad } from './paced-load.mjs';
import { removeFolder, startStandalone, stopProgram, temporaryFolder } from './start.mjs';
import { Verdicts } from './verdicts.mjs';
import { Receiver } from './webhook-receiver.mjs';

const accounts = 100;
const pace = 100;
const bulkSize = 1_000;
const backlog = 100_000;
const say = (text) => console.log(`${new Date().toISOString()} ${text}`);

const parts = { deliveries, failing: besideFailing, backlog: besideBacklog, replay: replayed };

/** `transactions`: of the ledger that is replayed. `operations`: the parts that are run. */
export async function run({ seconds, transactions = 50_000, operations = Object.keys(parts) }) {
  const verdicts = new Verdicts();
  const receiver = new Receiver();
  await receiver.listen();
  const folder = await temporaryFolder('webhooks');
  const standalone = await startStandalone({
    DATA_DIR: path.join(folder, 'data'),
    WEBHOOK_ALLOWED_CIDRS: '127.0.0.1/32',
    WEBHOOK_RATE: '100000',
  });
  try {
    // Endpoints of a sandbox may be http.
    const ledger = new LedgerUnderTest({ url: standalone.url, api_key: standalone.sandbox_api_key });
    await ledger.open('webhooks');
    await ledger.openAccounts(accounts);
    // Of read models a sandbox is told nothing.
    const operator = new LedgerUnderTest(standalone);
    const bench = { ledger, operator, receiver, verdicts, seconds, pid: standalone.child.pid, transactions };
    for (const part of operations) {
      if (parts[part] === undefined) throw new Error(`${part}: there are ${Object.keys(parts).join(', ')}`);
      say(part);
      await parts[part](bench);
    }
  } finally {
    receiver.close();
    await stopProgram(standalone);
    await removeFolder(folder);
  }
  return verdicts.print();
}

async function endpoint({ ledger, receiver }, at, more = {}) {
  const body = { url: `${receiver.url}${at}`, event_types: ['transaction.posted'], ...more };
  const { id } = await ledger.post('/v1/webhook_endpoints', body);
  const settings = `/v1/webhook_endpoints/${id}`;
  return {
    id,
    remove: () => fetch(`${ledger.url}${settings}`, { method: 'DELETE', headers: ledger.headers }),
    disable: () => ledger.post(`${settings}/disable`, {}),
    enable: () => ledger.post(`${settings}/enable`, {}),
    replay: (from) => ledger.post(`${settings}/replays`, { from_position: `${ledger.id}@${from}` }),
  };
}

/** Books so many transactions, and waits until the read models have them. */
async function book({ ledger, operator }, count) {
  const request = ledger.bulk(bulkSize, accounts);
  let left = Math.ceil(count / bulkSize);
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const { path: to, body } = request();
      await ledger.post(to, JSON.parse(body));
    }
  };
  await Promise.all([client(), client()]);
  await operator.settled();
}

async function untilQueued({ ledger }, { id }, sequence) {
  for (;;) {
    const { data } = await ledger.get(`/v1/webhook_endpoints/${id}/deliveries?limit=1`);
    if ((data[0]?.sequence ?? 0) >= sequence) return;
    await sleep(200);
  }
}

async function deliveries(bench) {
  const [each, count] = [5_000, 4];
  const endpoints = [];
  for (let n = 0; n < count; n += 1) endpoints.push(await endpoint(bench, `/fast/${n}`));
  for (const one of endpoints) await one.disable();
  await book(bench, each);
  for (const one of endpoints) await untilQueued(bench, one, each);
  for (const one of endpoints) await one.enable();
  say('enabled');
  const taken = await bench.receiver.until('/fast/', each * count);
  bench.verdicts.atLeast('deliveries/s, 4 endpoints, 20,000 queued', (each * count) / taken, 1_000);
  say(`${Math.round((each * count) / taken)} deliveries/s`);
  for (const one of endpoints) await one.remove();
}

/** Posts at a pace. @returns for each path the p99 from event to delivery, ms */
async function paced({ ledger, receiver, seconds }, ...paths) {
  for (const at of paths) receiver.beginNews(at);
  const { posts, errors } = await pacedLoad(ledger, { pace, accounts, seconds });
  if (errors > 0) throw new Error(posts.firstError);
  await sleep(2_000);
  const p99s = paths.map((at) => receiver.p99(at));
  say(`p99 ${p99s.join(', ')} ms of ${posts.done ?? posts.count ?? 'all'} posts`);
  return p99s;
}

async function besideFailing(bench) {
  const bad = [await endpoint(bench, '/hang/three'), await endpoint(bench, '/fail/three')];
  const healthy = await endpoint(bench, '/healthy');
  const [p99] = await paced(bench, '/healthy');
  bench.verdicts.atMost('p99 of a healthy one beside one that hangs and one 500, ms', p99, 1_000);
  for (const one of [...bad, healthy]) await one.remove();
}

async function besideBacklog(bench) {
  const dead = await endpoint(bench, '/hang/dead');
  await dead.disable();
  await book(bench, backlog);
  await untilQueued(bench, dead, backlog);
  const healthy = await endpoint(bench, '/healthy');
  await dead.enable();
  const [p99] = await paced(bench, '/healthy');
  bench.verdicts.atMost('p99 of a healthy one beside a dead one with 100,000 queued, ms', p99, 1_000);
  for (const one of [dead, healthy]) await one.remove();
}

/** Events whose messages are sent a second time, and compared with the first. */
const comparedMax = 20_000;

async function replayed(bench, transactions = bench.transactions) {
  const { ledger, receiver, verdicts, pid } = bench;
  const { data } = await ledger.get(`/v1/events?ledger=${ledger.id}&limit=1`);
  const head = Number(data[0].position.split('@')[1]);
  // Those of accounts are before them.
  const startedAt = performance.now();
  if (head - accounts < transactions) await book(bench, transactions - head + accounts);
  say(`${transactions} events are there, after ${Math.round((performance.now() - startedAt) / 1_000)} s`);
  const other = await endpoint(bench, '/healthy');
  const fresh = await endpoint(bench, '/replayed');
  receiver.comparedFrom = head + Math.max(0, transactions - comparedMax);
  const memory = await watchedMemory(pid);
  const replay = await fresh.replay(0);
  const watched = watchReplay(bench, replay);
  const [live, own] = await paced(bench, '/healthy', '/replayed');
  const { sent, failed, rates, taken } = await watched;
  verdicts.note('events replayed', sent);
  verdicts.atLeast('events replayed/s, to one endpoint', sent / taken, 1_000);
  verdicts.atMost('events of the replay that were not sent', replay.total - sent + failed, 0);
  const tenth = Math.ceil(rates.length / 10);
  const mean = (some) => some.reduce((sum, one) => sum + one, 0) / some.length;
  // The first seconds are those of the posts.
  verdicts.atLeast('rate of the last tenth / of all', mean(rates.slice(-tenth)) / mean(rates), 0.7);
  verdicts.atMost('p99 of what happened meanwhile, at another endpoint, ms', live, 1_000);
  verdicts.atMost('p99 of what happened meanwhile, at this one, ms', own, 1_000);
  verdicts.atMost('memory that the replay took at most, MB', memory.end(), 200);
  const again = await fresh.replay(receiver.comparedFrom);
  await watchReplay(bench, again);
  verdicts.atLeast('bodies that were sent again', receiver.repeated, Math.min(comparedMax, transactions));
  verdicts.atMost('bodies that were other bytes', receiver.changed, 0);
  for (const one of [other, fresh]) await one.remove();
}

/** @returns how it ended, with what was sent in each second */
async function watchReplay({ ledger }, { id }) {
  const startedAt = performance.now();
  const rates = [];
  for (let before = 0; ;) {
    await sleep(1_000);
    const { state, sent, failed } = await ledger.get(`/v1/replays/${id}`);
    if (state === 'done') return { sent, failed, rates, taken: (performance.now() - startedAt) / 1_000 };
    rates.push(sent - before);
    before = sent;
    if (rates.length % 30 === 0) say(`${sent} sent`);
  }
}

/** How much more a process takes at most than at the beginning, MB. */
async function watchedMemory(pid) {
  const before = await residentMb(pid);
  let most = before;
  const watching = setInterval(() => void residentMb(pid).then((mb) => (most = Math.max(most, mb))), 500);
  return {
    end() {
      clearInterval(watching);
      return most - before;
    },
  };
}
