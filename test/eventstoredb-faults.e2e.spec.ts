import { connect } from '@fintech-ledger/postgres';
import { seededRandom, startEventStoreDbServer, tcpProxy } from '@fintech-ledger/testing';
import type { EventStoreDbServer, ServerFault, TcpProxy } from '@fintech-ledger/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { BooksUnderLoad } from './support/books-under-load';
import { DistributedSet } from './support/distributed-set';
import { auditTopic } from './support/topic-audit';
import { seedOf } from '../libs/testing/seed';

jest.setTimeout(180_000);

const seed = seedOf('CRASH_SEED');
const nodes = 3;
const faults: readonly ServerFault[] = [
  'drop_reply',
  'crash_before_commit',
  'crash_after_commit',
  'timeout',
  'not_ready',
  'unavailable',
  'slow_consumer',
  'duplicate',
];
/** How long two relays may send at once before the one that was cut off learns of it, and how often that is tried. */
const twoRelaysMs = 8_000;
const triesMax = 6;

describe(`the distributed set on an EventStoreDB cluster that fails under load (seed ${seed})`, () => {
  const random = seededRandom(seed);
  const among = (count: number): number => Math.floor(random() * count);
  let server: EventStoreDbServer;
  /** Between each of the relays and Postgres, the one that relays first. */
  const proxies: TcpProxy[] = [];
  let set: DistributedSet;

  beforeAll(async () => {
    server = await startEventStoreDbServer({ nodes, downMs: 300 });
    set = await DistributedSet.start({
      eventStoreUrl: server.url,
      writers: 2,
      relays: 2,
      projectors: 2,
      changes: async (databaseUrl) => {
        for (let n = 0; n < 2; n += 1) proxies.push(await tcpProxy(databaseUrl));
        const [first, second] = proxies.map(({ url }) => ({ DATABASE_URL: url }));
        return { 'relay-1': first ?? {}, 'relay-2': second ?? {} };
      },
    });
  });
  afterAll(async () => {
    await set?.close();
    for (const proxy of proxies) await proxy.close();
    await server?.close();
  });

  it('keeps each ledger in order while two relays send at once', async () => {
    const books = await BooksUnderLoad.open(set.client, random, { pauseMs: 100 });
    books.start();
    await books.load.untilAcknowledged(50);
    // On a busy machine the one that is cut off may have learned of it before the other one begins.
    for (let tried = 0, sentTwice = 0; tried < triesMax && sentTwice <= 10; tried += 1) {
      // Cut off from Postgres, it does not learn that its lock went to the other one.
      const proxy = proxies[tried % 2];
      proxy?.set('partitioned');
      await releaseRelayLock(set.database.url);
      await delay(twoRelaysMs);
      proxy?.set('none');
      await books.load.untilAcknowledged(50);
      sentTwice = (await auditTopic(set.brokers, set.topic)).repeated.length;
    }
    await books.stop();
    await books.compare();
    const { repeated, records } = await auditTopic(set.brokers, set.topic);
    console.info(
      `two relays: CRASH_SEED=${seed}, ${books.load.acknowledged} commands, ${records} records, ${repeated.length} of them repeated`,
    );
    expect(repeated.length).toBeGreaterThan(10);
  });

  it('books every acknowledged command once while replies are dropped, nodes die after commits and the leader moves', async () => {
    const all = await Promise.all(
      [1, 2, 3].map(() => BooksUnderLoad.open(set.client, random, { clients: 8, pauseMs: 50 })),
    );
    for (const books of all) books.start();
    let injected = 0;
    for (const until = performance.now() + 20_000; performance.now() < until; injected += 1) {
      await delay(150 + random() * 500);
      const kind = among(faults.length + 4);
      const fault = faults[kind];
      if (fault !== undefined) server.faults.inject(fault);
      else if (kind === faults.length) server.dropSubscriptions();
      else if (kind === faults.length + 1) await server.restart();
      else {
        // For a moment nobody leads.
        server.moveLeader(undefined);
        await delay(200);
        server.moveLeader(among(nodes));
      }
    }
    server.faults.clear();
    await delay(1_000);
    for (const books of all) await books.stop();
    for (const books of all) await books.compare();
    const acknowledged = all.reduce((sum, { load }) => sum + load.acknowledged, 0);
    const said = all.map(({ load }) => Object.fromEntries(load.answers));
    console.info(
      `EventStoreDB's faults: CRASH_SEED=${seed}, ${injected} of them, ${acknowledged} commands, ${JSON.stringify(said)}`,
    );
    expect(acknowledged).toBeGreaterThan(200);
    for (const { load } of all)
      expect([...load.answers.keys()].filter((answer) => answer.startsWith('500'))).toEqual([]);
    await auditTopic(set.brokers, set.topic);
  });
});

/** As Postgres does when it believes that who holds the lock is gone. */
async function releaseRelayLock(databaseUrl: string): Promise<void> {
  const database = connect({ connectionString: databaseUrl, max: 1, statementTimeoutMs: 30_000 });
  for (let released: number | null = 0; released === 0; await delay(100))
    ({ rowCount: released } = await database.query(
      `select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database
        where l.locktype = 'advisory' and l.granted and l.objsubid = 2 and d.datname = current_database()`,
    ));
  await database.close();
}
