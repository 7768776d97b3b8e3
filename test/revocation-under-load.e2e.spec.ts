import { startEventStoreDbServer, startKafkaProcess, tcpProxy, testDatabase } from '@fintech-ledger/testing';
import type { ProxyFault, TcpProxy } from '@fintech-ledger/testing';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { DistributedSet } from './support/distributed-set';
import { KeyLoad } from './support/key-load';
import { LedgerClient } from './support/ledger-client';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';

jest.setTimeout(240_000);

/** How often each part is stopped: more of it runs at night. */
const rounds = Number(process.env['REVOCATION_ROUNDS'] ?? 1);

/** A part of the product, as a test stops it and starts it again. */
interface Part {
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Meanwhile nothing can be written, so no revocation either. */
  readonly isStore?: boolean;
}

interface Running {
  readonly urls: readonly string[];
  readonly apiKey: string;
  readonly client: LedgerClient;
  readonly parts: Readonly<Record<string, Part>>;
  close(): Promise<void>;
}

const nothing: Part = { stop: () => Promise.resolve(), start: () => Promise.resolve() };

function storeBehind(proxy: TcpProxy, fault: ProxyFault, more: Partial<Part> = {}): Part {
  return {
    stop: () => Promise.resolve(proxy.set(fault)),
    start: () => Promise.resolve(proxy.set('none')),
    ...more,
  };
}

async function embedded(): Promise<Running> {
  const server = await startEventStoreDbServer();
  const [proxy, testing, folder] = await Promise.all([
    tcpProxy(server.url),
    testDatabase(),
    temporaryFolder(),
  ]);
  const standalone = await startStandaloneProcess({
    dataFolder: folder.path,
    environment: { DATABASE_URL: testing.url, EVENT_STORE_URL: proxy.url },
  });
  const client = new LedgerClient(standalone.url, standalone.apiKey);
  return {
    urls: [standalone.url],
    apiKey: standalone.apiKey,
    client,
    parts: { nothing, 'the event store': storeBehind(proxy, 'down', { isStore: true }) },
    async close() {
      await client.close();
      await standalone.stop();
      await proxy.close();
      await server.close();
      await testing.drop();
      await folder.remove();
    },
  };
}

/** With two APIs: who revokes tells one of them, and the other one has to find out. */
async function distributed(): Promise<Running> {
  const [server, folder] = await Promise.all([startEventStoreDbServer(), temporaryFolder()]);
  const [proxy, ofSecond] = await Promise.all([tcpProxy(server.url), tcpProxy(server.url)]);
  let kafka = await startKafkaProcess({ dataFolder: folder.path });
  const set = await DistributedSet.start({
    brokers: kafka.brokers,
    eventStoreUrl: proxy.url,
    changes: () => Promise.resolve({ 'api-2': { EVENT_STORE_URL: ofSecond.url } }),
  });
  const second = await set.add('api-2');
  const app = (name: string): Part => ({
    stop: async () => void (await set.apps.get(name)?.stop()),
    start: async () => void (await set.add(name)),
  });
  return {
    urls: [set.client.url, second.ready['url'] ?? ''],
    apiKey: set.apiKey,
    client: set.client,
    parts: {
      nothing,
      'the projector': app('projector-1'),
      'the relay': app('relay-1'),
      Kafka: {
        stop: () => kafka.kill(),
        async start() {
          const port = Number(kafka.brokers.split(':')[1]);
          kafka = await startKafkaProcess({ dataFolder: folder.path, port });
        },
      },
      'the event store': storeBehind(proxy, 'down', { isStore: true }),
      'what the second API hears of the event store': storeBehind(ofSecond, 'partitioned'),
    },
    async close() {
      await set.close();
      await kafka.stop();
      await Promise.all([proxy.close(), ofSecond.close()]);
      await server.close();
      await folder.remove();
    },
  };
}

const modes = {
  embedded: { start: embedded, parts: ['nothing', 'the event store'] },
  distributed: {
    start: distributed,
    parts: [
      'nothing',
      'the projector',
      'the relay',
      'Kafka',
      'the event store',
      'what the second API hears of the event store',
    ],
  },
};

describe.each(Object.entries(modes))('a key that is revoked under load, %s', (_mode, { start, parts }) => {
  let running: Running;
  let within: string;

  beforeAll(async () => {
    buildStandalone();
    running = await start();
    const { client } = running;
    const { id } = await client.accepted<{ id: string }>('/v1/ledgers', { name: 'Books' });
    within = `/v1/ledgers/${id}`;
    for (const address of ['a', 'b'])
      await client.accepted(`${within}/accounts`, { address, type: 'asset', currency: 'USD' });
    // Every API finds the ledger in the read models from now on, whatever is stopped.
    for (const url of running.urls) {
      const { position } = await client.accepted<{ position: string }>(`${within}/transfers`, transfer);
      const asking = new LedgerClient(url, running.apiKey);
      await asking.get(`${within}/accounts/a/balance`, position);
      await asking.close();
    }
  });
  afterAll(() => running?.close());

  const transfer = { debit_account: 'a', credit_account: 'b', amount: '1', currency: 'USD' };

  /** Revokes a key, as often as it takes until that is stored. Returns when it was answered. */
  async function revoke(id: string): Promise<number> {
    for (;;) {
      const { status } = await running.client.post(`/v1/api_keys/${id}/revoke`, {}, `revoke ${id}`);
      if (status === 200) return performance.now();
      expect(status).toBe(503);
      await delay(50);
    }
  }

  /** Who asked for what the ledger has from a revision on. */
  async function actorsSince(revision: number): Promise<readonly string[]> {
    const actors: string[] = [];
    const path = `${within}/events?from_revision=${revision}`;
    for await (const { metadata } of running.client.list<{ metadata: { actor: string } }>(path))
      actors.push(metadata.actor);
    return actors;
  }

  it.each(parts.flatMap((part) => Array.from({ length: rounds }, (_, round) => [part, round + 1] as const)))(
    'opens nothing once that is answered, while %s is stopped (%i)',
    async (name) => {
      const { client, urls } = running;
      const part = running.parts[name] ?? nothing;
      const made = { name: 'shop', scopes: ['ledger:*'] };
      const { id, key } = await client.accepted<{ id: string; key: string }>('/v1/api_keys', made);
      const busy = new KeyLoad(urls, within, key);
      await busy.until(5);
      expect(busy.statuses).toEqual([201]);
      await part.stop();
      const stoppedAt = performance.now();
      if (part.isStore) {
        await busy.until(1, stoppedAt, 503);
        expect((await client.post(`/v1/api_keys/${id}/revoke`, {}, `revoke ${id}`)).status).toBe(503);
        await part.start();
      } else await busy.until(2, stoppedAt);

      const answeredAt = await revoke(id);
      const { position } = await client.accepted<{ position: string }>(`${within}/transfers`, transfer);
      await busy.until(5, answeredAt);
      if (!part.isStore) await part.start();
      // What was cut off hears of it, and says so.
      await busy.until(5, performance.now(), 401);
      await busy.end();

      const isBooked = ({ status }: { status: number }): boolean => status < 300;
      expect(busy.sentAfter(answeredAt).filter(isBooked)).toEqual([]);
      expect([201, 401, 503]).toEqual(expect.arrayContaining([...busy.statuses]));
      const since = await actorsSince(Number(position.split('@')[1]));
      expect(since).not.toContain(id);
      expect(since.length).toBeGreaterThan(0);
      const last = Math.max(...busy.answers.filter(isBooked).map(({ answeredAt: at }) => at)) - answeredAt;
      console.info(
        `${name}: the last success came ${Math.round(last)} ms after the answer to the revocation`,
      );
    },
  );
});
