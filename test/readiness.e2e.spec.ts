import { connect } from '@fintech-ledger/postgres';
import { startEventStoreDbServer, tcpProxy, testDatabase } from '@fintech-ledger/testing';
import type { EventStoreDbServer, TcpProxy, TestDatabase } from '@fintech-ledger/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { DistributedSet } from './support/distributed-set';
import { freePort } from './support/free-port';
import { LedgerClient } from './support/ledger-client';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';
import { documentedFetch } from './support/documented-fetch';

jest.setTimeout(240_000);

interface Health {
  readonly httpStatus: number;
  readonly status: string;
  readonly checks: Readonly<Record<string, string>>;
}

/** Reasons are told to operators only, on the port of the API. */
const asOperator = (apiKey: string) => ({ headers: { authorization: `Bearer ${apiKey}` } });

const healthOf = async (url: string, query = '', apiKey = ''): Promise<Health> => {
  const answer = await documentedFetch(`${url}/health/ready${query}`, asOperator(apiKey));
  return { httpStatus: answer.status, ...((await answer.json()) as Omit<Health, 'httpStatus'>) };
};

/** The first health that is as expected; the last one after half a minute. */
async function healthWhen(
  url: string,
  isExpected: (health: Health) => boolean,
  apiKey = '',
): Promise<Health> {
  for (const deadline = Date.now() + 30_000; ; await delay(200)) {
    const health = await healthOf(url, '', apiKey);
    if (isExpected(health) || Date.now() > deadline) return health;
  }
}
const becomes = (status: string) => (health: Health) => health.status === status;

const account = { address: 'cash', type: 'asset', currency: 'USD' };

describe('the standalone', () => {
  let server: EventStoreDbServer;
  let proxy: TcpProxy;
  let testing: TestDatabase;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let standalone: StandaloneProcess;
  let client: LedgerClient;
  let balance: string;
  let weakKey: string;
  let healthUrl: string;

  const start = async (): Promise<void> => {
    standalone = await startStandaloneProcess({
      dataFolder: folder.path,
      environment: {
        DATABASE_URL: testing.url,
        EVENT_STORE_URL: proxy.url,
        HEALTH_PORT: new URL(healthUrl).port,
      },
    });
    client = new LedgerClient(standalone.url, standalone.apiKey);
  };
  const stop = async (): Promise<void> => {
    await client?.close();
    await standalone?.stop();
  };

  beforeAll(async () => {
    buildStandalone();
    server = await startEventStoreDbServer();
    [testing, folder, proxy] = await Promise.all([testDatabase(), temporaryFolder(), tcpProxy(server.url)]);
    healthUrl = `http://127.0.0.1:${await freePort()}`;
    await start();
    const weak = { name: 'no operator', scopes: ['ledger:admin'] };
    weakKey = (await client.accepted<{ key: string }>('/v1/api_keys', weak)).key;
    const { id } = await client.accepted<{ id: string }>('/v1/ledgers', { name: 'books' });
    await client.accepted(`/v1/ledgers/${id}/accounts`, account);
    balance = `/v1/ledgers/${id}/accounts/cash/balance`;
    expect((await client.ask(balance)).status).toBe(200);
  });
  afterAll(async () => {
    await stop();
    await proxy?.close();
    await server?.close();
    await testing?.drop();
    await folder?.remove();
  });

  it('is ready, and says so', async () => {
    expect(await healthWhen(standalone.url, becomes('ok'))).toMatchObject({ httpStatus: 200, status: 'ok' });
    expect((await healthOf(standalone.url, '?require=writes')).httpStatus).toBe(200);
    expect((await healthOf(standalone.url, '?require=reads')).httpStatus).toBe(400);
  });

  it('is degraded without its event store, and goes on reading, also when it is started so', async () => {
    proxy.set('down');
    for (const start_ of [undefined, start]) {
      if (start_) {
        await stop();
        await start_();
      }
      const health = await healthWhen(standalone.url, becomes('degraded'), standalone.apiKey);
      expect(health).toMatchObject({ httpStatus: 200, status: 'degraded', checks: { database: 'ok' } });
      expect(health.checks['writes']).toContain('event store');
      for (const stranger of ['', weakKey, 'sk_x']) {
        const { checks } = await healthOf(standalone.url, '', stranger);
        expect([...new Set(Object.values(checks))].sort()).toEqual(['not ok', 'ok']);
      }
      // Everything is told where only operators get.
      expect((await healthOf(healthUrl)).checks['writes']).toContain('event store');
      expect(await (await documentedFetch(`${healthUrl}/metrics`)).text()).toContain(
        'ledger_alarms{check="writes"}',
      );
      expect((await documentedFetch(`${standalone.url}/metrics`)).status).toBe(401);
      expect((await documentedFetch(`${standalone.url}/metrics`, asOperator(weakKey))).status).toBe(403);
      expect(await healthOf(standalone.url, '?require=writes')).toMatchObject({
        httpStatus: 503,
        status: 'unavailable',
      });
      const metrics = await (
        await documentedFetch(`${standalone.url}/metrics`, asOperator(standalone.apiKey))
      ).text();
      expect(metrics).toMatch(/^ledger_alarms\{check="writes"\} [1-9]/m);
      expect((await client.ask(balance)).status).toBe(200);
    }
    proxy.set('none');
    expect(await healthWhen(standalone.url, becomes('ok'))).toMatchObject({ httpStatus: 200, status: 'ok' });
  });

  it('is degraded by a read model that is halted, and answers from the others', async () => {
    await stop();
    const database = connect({ connectionString: testing.url, max: 1, statementTimeoutMs: 30_000 });
    await database.query(`update read.projections set version = version + 1000 where name = 'entries'`);
    await database.close();
    await start();
    const health = await healthWhen(
      standalone.url,
      ({ checks }) => checks['projections'] !== undefined,
      standalone.apiKey,
    );
    expect(health).toMatchObject({ httpStatus: 200, status: 'degraded' });
    expect(health.checks['projections']).toContain('entries');
    expect((await client.ask(balance)).status).toBe(200);
  });
});

describe('the distributed set', () => {
  let server: EventStoreDbServer;
  let proxy: TcpProxy;
  let set: DistributedSet;
  let balance: string;

  beforeAll(async () => {
    server = await startEventStoreDbServer();
    proxy = await tcpProxy(server.url);
    set = await DistributedSet.start({ eventStoreUrl: proxy.url });
    const { id } = await set.client.accepted<{ id: string }>('/v1/ledgers', { name: 'books' });
    await set.client.accepted(`/v1/ledgers/${id}/accounts`, account);
    balance = `/v1/ledgers/${id}/accounts/cash/balance`;
    await set.client.get(balance);
  });
  afterAll(async () => {
    await set?.close();
    await proxy?.close();
    await server?.close();
  });

  const url = (name: string): string => set.apps.get(name)?.ready['health'] ?? '';

  it('is ready', async () => {
    for (const name of ['api', 'writer-1', 'relay-1', 'projector-1'])
      expect([name, await healthWhen(url(name), becomes('ok'))]).toMatchObject([name, { httpStatus: 200 }]);
  });

  it('has a writer that is unavailable without its event store, and APIs that read, also one that starts then', async () => {
    proxy.set('down');
    expect(await healthWhen(url('writer-1'), becomes('unavailable'))).toMatchObject({ httpStatus: 503 });
    const second = await set.add('api-2');
    for (const api of [set.client.url, url('api'), second.ready['url'] ?? '']) {
      expect(await healthWhen(api, becomes('degraded'))).toMatchObject({ httpStatus: 200 });
      expect((await healthOf(api, '?require=writes')).httpStatus).toBe(503);
    }
    const reader = new LedgerClient(second.ready['url'] ?? '', set.apiKey);
    await reader.get(balance);
    await reader.close();
    proxy.set('none');
    for (const name of ['api', 'api-2', 'writer-1'])
      expect([name, await healthWhen(url(name), becomes('ok'))]).toMatchObject([name, { status: 'ok' }]);
  });

  it('can not write without a writer', async () => {
    await set.apps.get('writer-1')?.kill();
    const health = await healthWhen(url('api'), ({ checks }) => checks['writes'] !== undefined);
    expect(health).toMatchObject({ httpStatus: 200, status: 'degraded' });
    expect(health.checks['writes']).toContain('No writer is running');
    expect((await healthOf(url('api'), '?require=writes')).httpStatus).toBe(503);
  });
});
