import { connect } from '@fintech-ledger/postgres';
import { seededRandom, startEventStoreDbServer, tcpProxy } from '@fintech-ledger/testing';
import type { EventStoreDbServer, ServerFault, TcpProxy } from '@fintech-ledger/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { BooksUnderLoad } from './support/books-under-load';
import { DistributedSet } from './support/distributed-set';
import { auditTopic } from './support/topic-audit';
import type { TopicAudit } from './support/topic-audit';
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
/** How long the store fails, at least. */
const faultyMs = 20_000;
/** How long two relays may send at once before anything is seen of it. */
const twoRelaysMsMax = 60_000;

describe(`the distributed set on an EventStoreDB cluster that fails under load (seed ${seed})`, () => {
  const random = seededRandom(seed);
  const among = (count: number): number => Math.floor(random() * count);
  let server: EventStoreDbServer;
  let proxy: TcpProxy;
  let set: DistributedSet;

  beforeAll(async () => {
    server = await startEventStoreDbServer({ nodes, downMs: 300 });
    set = await DistributedSet.start({
      eventStoreUrl: server.url,
      writers: 2,
      relays: 2,
      projectors: 2,
      changes: async (databaseUrl) => {
        proxy = await tcpProxy(databaseUrl);
        return { 'relay-1': { DATABASE_URL: proxy.url } };
      },
    });
  });
  afterAll(async () => {
    await set?.close();
    await proxy?.close();
    await server?.close();
  });

  it('keeps each ledger in order while two relays send at once', async () => {
    const books = await BooksUnderLoad.open(set.client, random, { pauseMs: 100 });
    books.start();
    await books.load.untilAcknowledged(50);
    // Cut off from Postgres, the first one does not learn that its lock went to the second one.
    proxy.set('partitioned');
    await releaseRelayLock(set.database.url);
    const audited = await untilRepeated(() => auditTopic(set.brokers, set.topic));
    proxy.set('none');
    await books.load.untilAcknowledged(50);
    await books.stop();
    await books.compare();
    const { repeated, records } = await auditTopic(set.brokers, set.topic);
    expect(repeated.length).toBeGreaterThanOrEqual(audited.repeated.length);
    console.info(
      `two relays: CRASH_SEED=${seed}, ${books.load.acknowledged} commands, ${records} records, ${repeated.length} of them repeated`,
    );
  });

  it('books every acknowledged command once while replies are dropped, nodes die after commits and the leader moves', async () => {
    const all = await Promise.all(
      [1, 2, 3].map(() => BooksUnderLoad.open(set.client, random, { clients: 8, pauseMs: 50 })),
    );
    for (const books of all) books.start();
    let injected = 0;
    const acknowledged = (): number => all.reduce((sum, { load }) => sum + load.acknowledged, 0);
    const until = performance.now() + faultyMs;
    for (; performance.now() < until || acknowledged() <= 200; injected += 1) {
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
    await Promise.all(all.map(({ load }) => load.untilAcknowledged(20)));
    for (const books of all) await books.stop();
    for (const books of all) await books.compare();
    const said = all.map(({ load }) => Object.fromEntries(load.answers));
    console.info(
      `EventStoreDB's faults: CRASH_SEED=${seed}, ${injected} of them, ${acknowledged()} commands, ${JSON.stringify(said)}`,
    );
    for (const { load } of all)
      expect([...load.answers.keys()].filter((answer) => answer.startsWith('500'))).toEqual([]);
    await auditTopic(set.brokers, set.topic);
  });
});

/** Until more than ten records were sent twice, which only two relays at once do. @throws Error after 60 seconds */
async function untilRepeated(audit: () => Promise<TopicAudit>): Promise<TopicAudit> {
  for (const deadline = Date.now() + twoRelaysMsMax; ; await delay(500)) {
    const audited = await audit();
    if (audited.repeated.length > 10) return audited;
    if (Date.now() > deadline) throw new Error(`${audited.repeated.length} records were sent twice`);
  }
}

/** As Postgres does when it believes that who holds the lock is gone. */
async function releaseRelayLock(databaseUrl: string): Promise<void> {
  const database = connect({ connectionString: databaseUrl, max: 1, statementTimeoutMs: 30_000 });
  const { rowCount } = await database.query(
    `select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database
      where l.locktype = 'advisory' and l.granted and l.objsubid = 2 and d.datname = current_database()`,
  );
  await database.close();
  expect(rowCount).toBe(1);
}
