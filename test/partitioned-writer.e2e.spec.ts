import { seededRandom, startEventStoreDbServer, tcpProxy } from '@fintech-ledger/testing';
import type { TcpProxy } from '@fintech-ledger/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { BooksUnderLoad } from './support/books-under-load';
import { DistributedSet } from './support/distributed-set';
import { documentedFetch } from './support/documented-fetch';
import { seedOf } from '../libs/testing/seed';

jest.setTimeout(180_000);

const seed = seedOf('CRASH_SEED');
const kinds = ['Postgres', 'EventStoreDB'] as const;
/** Longer than the writer's own patience with its store. */
const partitionMs = 15_000;
/** Leases live for two seconds here; the API looks for another writer every second, and gives a writer fifteen. */
const replacedMsMax = 14_000;

interface CutOff {
  readonly set: DistributedSet;
  /** Between writer-1 and all that it has of stores. */
  readonly proxies: readonly TcpProxy[];
}

// One after the other: two sets under load at once wait for each other's processor time, not for a lease.
describe.each(kinds)(`a writer that is cut off from %s under load (seed ${seed})`, (kind) => {
  let cutOff: CutOff;
  const closers: (() => Promise<void>)[] = [];

  async function start(): Promise<CutOff> {
    const proxies: TcpProxy[] = [];
    const proxied = async (url: string): Promise<string> => {
      const proxy = await tcpProxy(url);
      proxies.push(proxy);
      closers.push(() => proxy.close());
      return proxy.url;
    };
    const server = kind === 'EventStoreDB' ? await startEventStoreDbServer() : undefined;
    if (server) closers.push(() => server.close());
    const set = await DistributedSet.start({
      ...(server === undefined ? {} : { eventStoreUrl: server.url }),
      changes: async (databaseUrl) => ({
        'writer-1': {
          DATABASE_URL: await proxied(databaseUrl),
          ...(server === undefined ? {} : { EVENT_STORE_URL: await proxied(server.url) }),
        },
      }),
    });
    closers.push(() => set.close());
    return { set, proxies };
  }

  beforeAll(async () => {
    cutOff = await start();
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  it('is replaced when its lease has expired, does no harm when it is back, and can take over again', () =>
    partition(cutOff, kind));
});

async function partition({ set, proxies }: CutOff, kind: string): Promise<void> {
  const books = await BooksUnderLoad.open(set.client, seededRandom(seed), { pauseMs: 100 });
  const { load } = books;
  const second = await set.add('writer-2');
  books.start();
  await load.untilAcknowledged(100);

  for (const proxy of proxies) proxy.set('partitioned');
  const healed = delay(partitionMs);
  const replacedMs = await load.untilAcknowledged(100, replacedMsMax);
  await healed;
  const meanwhile = load.acknowledged;
  expect((await documentedFetch(healthOf(set, 'writer-1'))).status).toBe(503);
  // What it had sent arrives now, at revisions that are taken.
  for (const proxy of proxies) proxy.set('none');
  await untilReady(set, 'writer-1');
  await load.untilAcknowledged(meanwhile + 100 - load.acknowledged, replacedMsMax);
  expect(set.apps.get('writer-1')?.hasEnded).toBe(false);

  await second.kill();
  const takenOverMs = await load.untilAcknowledged(200, replacedMsMax);
  await books.stop();
  await books.compare();
  console.info(
    `partition from ${kind}: CRASH_SEED=${seed}, booked again after ${Math.round(replacedMs)} ms, by the first one again ${Math.round(takenOverMs)} ms after the second one was killed, slowest answer ${Math.round(load.slowestMs)} ms, ${JSON.stringify(Object.fromEntries(load.answers))}`,
  );
  expect(load.slowestMs).toBeLessThan(replacedMsMax + 5_000);
  expect([...load.answers.keys()].filter((said) => /^5(?!03 )/.test(said))).toEqual([]);
}

const healthOf = (set: DistributedSet, name: string): string =>
  `${set.apps.get(name)?.ready['health']}/health/ready`;

/** Waits until a process can work again, as it says of itself. */
async function untilReady(set: DistributedSet, name: string): Promise<void> {
  for (const deadline = Date.now() + replacedMsMax; ; await delay(50)) {
    const answer = await documentedFetch(healthOf(set, name));
    if (answer.status === 200) return;
    if (Date.now() > deadline) throw new Error(`${name} is not ready: ${await answer.text()}`);
  }
}
