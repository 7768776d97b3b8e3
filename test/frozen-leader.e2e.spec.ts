import { startEventStoreDbServer, testDatabase } from '@fintech-ledger/testing';
import type { EventStoreDbServer, TestDatabase } from '@fintech-ledger/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { LedgerClient } from './support/ledger-client';
import { until } from './support/readiness';
import { positionOf, SmallLedger } from './support/small-ledger';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

jest.setTimeout(240_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: TestDatabase;
let server: EventStoreDbServer;
let standalone: StandaloneProcess;
let client: LedgerClient;

beforeEach(async () => {
  buildStandalone();
  [folder, database, server] = await Promise.all([
    temporaryFolder(),
    testDatabase(),
    startEventStoreDbServer({ nodes: 3 }),
  ]);
  standalone = await startStandaloneProcess({
    dataFolder: folder.path,
    environment: { DATABASE_URL: database.url, EVENT_STORE_URL: `${server.url}&${withoutPings}` },
  });
  client = new LedgerClient(standalone.url, standalone.apiKey, 64, 60_000);
});
afterEach(async () => {
  await client?.close();
  await standalone?.stop();
  await server?.close();
  await database?.drop();
  await folder?.remove();
});

/** Pings would end a silent connection by themselves, after 20 s: what is shown here does not rest on them. */
const withoutPings = 'keepAliveInterval=-1&keepAliveTimeout=-1';
const electionMs = 7_000;
/**
 * No post waits longer: the writer's patience (10 s), one more attempt with a wait for a node and for an answer (3 s each), and what a busy
 * machine takes. A single read of a frozen node would take 15 s beside all that.
 */
const answeredMs = 25_000;
/** After a new leader: the nodes are asked (3.5 s when the silent one is asked first), the writers load, the client pauses; and a busy machine. */
const recoveredMs = 15_000;

it('uses a new leader as soon as there is one when the old one freezes under posts', async () => {
  const ledgers = await Promise.all([0, 1, 2, 3].map((n) => SmallLedger.open(client, `ledger ${n}`)));
  let isOver = false;
  let electedAt = Infinity;
  const answers = new Map<number, number>();
  const waits: number[] = [];
  let firstAfter = Infinity;
  /** By key, what was acknowledged. */
  const acknowledged = new Set<string>();
  // Each posts one after the other, and repeats what was not acknowledged, as clients with keys do.
  const posting = ledgers.map(async (ledger) => {
    for (let n = 0; !isOver; n += 1) {
      const key = `k-${n}`;
      const since = performance.now();
      for (let isAnswered = false; !isAnswered;) {
        const { status } = await ledger.transfer(key);
        answers.set(status, (answers.get(status) ?? 0) + 1);
        isAnswered = status === 201;
        if (!isAnswered) await delay(50);
      }
      acknowledged.add(`${ledger.id} ${key}`);
      const now = performance.now();
      if (since < electedAt && now > electedAt) waits.push(now - since);
      if (now > electedAt) firstAfter = Math.min(firstAfter, now);
    }
  });
  await delay(1_000);
  let asked = 0;
  // While all is well nobody asks. On a busy machine an append may still be waited for too long.
  await until('nobody asks', async () => {
    asked = server.gossipReads;
    await delay(500);
    return server.gossipReads === asked;
  });
  server.freeze(0);
  // The nodes are asked again while the old leader says nothing and nobody else leads: the first append that is not answered is the reason.
  while (server.gossipReads === asked) await delay(20);
  await delay(electionMs);
  electedAt = performance.now();
  server.moveLeader(2);
  while (waits.length < ledgers.length) await delay(20);
  const afterMs = firstAfter - electedAt;
  await delay(500);
  isOver = true;
  await Promise.all(posting);
  console.info(
    `a leader frozen: the first post ${Math.round(afterMs)} ms after the election, the longest wait ${Math.round(Math.max(...waits))} ms with an election of ${electionMs} ms and more; answers ${JSON.stringify(Object.fromEntries(answers))}`,
  );
  expect(Math.max(...waits)).toBeLessThan(electionMs + answeredMs);
  expect(afterMs).toBeLessThan(recoveredMs);
  expect(standalone.log()).toContain('no answer to an append within 3000 ms');
  expect([...answers.keys()].filter((status) => status !== 201 && status !== 503)).toEqual([]);
  // The old leader is still frozen: whoever is answered was answered by the new one. Each key was booked once.
  for (const ledger of ledgers) {
    const last = await ledger.transfer('last');
    const trial = ledger.path('trial-balance');
    await until('it is read', async () => (await client.ask(trial, positionOf(last))).status === 200);
    const booked = [...acknowledged].filter((key) => key.startsWith(ledger.id)).length + 1;
    expect(await ledger.balances(positionOf(last))).toContain(`"${7 * booked}"`);
  }
});

it('answers every post while no node leads in place of a frozen one, and goes on when one does', async () => {
  const ledgers = await Promise.all([0, 1, 2, 3].map((n) => SmallLedger.open(client, `ledger ${n}`)));
  server.freeze(0);
  let longestMs = 0;
  const statuses = new Set<number>();
  const since = performance.now();
  await Promise.all(
    ledgers.map(async (ledger, n) => {
      await delay(500 * n);
      // Longer than any single read, or the wait for another leader, was ever given.
      while (performance.now() - since < 32_000) {
        const askedAt = performance.now();
        const { status } = await ledger.transfer('a key');
        longestMs = Math.max(longestMs, performance.now() - askedAt);
        statuses.add(status);
        await delay(200);
      }
    }),
  );
  console.info(
    `no leader for ${Math.round(performance.now() - since)} ms: the longest post took ${Math.round(longestMs)} ms`,
  );
  expect([...statuses]).toEqual([503]);
  expect(longestMs).toBeLessThan(answeredMs);
  server.moveLeader(1);
  for (const ledger of ledgers) {
    await until('it is booked', async () => (await ledger.transfer('a key')).status === 201);
    const last = await ledger.transfer('last');
    // The read models were subscribed to the frozen node.
    await until(
      'it is read',
      async () => (await client.ask(ledger.path('trial-balance'), positionOf(last))).status === 200,
    );
    expect(await ledger.balances(positionOf(last))).toContain('"14"');
  }
});
