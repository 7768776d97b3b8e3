import { startEventStoreDbServer, testDatabase } from '@fintech-ledger/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { LedgerClient } from './support/ledger-client';
import { until } from './support/readiness';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

jest.setTimeout(240_000);

const holds = 60;
/** Of each: the releases of all together are more than the store takes at once. */
const entriesOf = { embedded: 1_000, EventStoreDB: 100 } as const;

interface Hold {
  readonly id: string;
  readonly status: string;
  readonly position: string;
}

/** Many large holds that end at one moment: what is released of all of them does not fit into one append. */
describe.each(['embedded', 'EventStoreDB'] as const)('large holds that end together, %s', (store) => {
  const closers: (() => Promise<unknown>)[] = [];
  let client: LedgerClient;
  let path: string;

  const hold = (expiresAt: string) => ({
    entries: Array.from({ length: entriesOf[store] }, (_, at) => ({
      account: at % 2 === 0 ? 'a' : 'b',
      direction: at % 2 === 0 ? 'debit' : 'credit',
      amount: '1',
      currency: 'USD',
    })),
    pending: true,
    expires_at: expiresAt,
  });
  const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

  beforeAll(async () => {
    buildStandalone();
    const folder = await temporaryFolder();
    closers.push(() => folder.remove());
    let environment = {};
    if (store === 'EventStoreDB') {
      const [server, database] = await Promise.all([startEventStoreDbServer(), testDatabase()]);
      closers.push(
        () => server.close(),
        () => database.drop(),
      );
      environment = { EVENT_STORE_URL: server.url, DATABASE_URL: database.url };
    }
    const standalone: StandaloneProcess = await startStandaloneProcess({
      dataFolder: folder.path,
      environment,
    });
    client = new LedgerClient(standalone.url, standalone.apiKey);
    closers.push(
      () => standalone.stop(),
      () => client.close(),
    );
    path = `/v1/ledgers/${(await client.accepted<{ id: string }>('/v1/ledgers', { name: 'holds' })).id}`;
    for (const address of ['a', 'b'])
      await client.accepted(`${path}/accounts`, { address, type: 'asset', currency: 'USD' });
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  it('all expire, are answered so, and the ledger goes on', async () => {
    const startedAt = Date.now();
    await client.accepted(`${path}/transactions`, hold(inMs(3_600_000)));
    // Time enough to place them, however slow the machine is.
    const end = inMs(10_000 + holds * 2 * (Date.now() - startedAt));
    const placed: string[] = [];
    for (let n = 0; n < holds; n += 1)
      placed.push((await client.accepted<Hold>(`${path}/transactions`, hold(end))).id);
    await delay(Math.max(Date.parse(end) - Date.now(), 0));

    const [first = '', ...others] = placed;
    expect(await client.post(`${path}/transactions/${first}/capture`, {})).toMatchObject({
      code: 'hold_expired',
    });
    // Anyone who comes before the release is recorded records it; whoever comes later is told.
    const voids = await Promise.all(others.map((id) => client.post(`${path}/transactions/${id}/void`, {})));
    for (const { status, code, text } of voids)
      if (status !== 200) expect(code).toBe('hold_expired');
      else expect(JSON.parse(text)).toMatchObject({ status: 'expired' });

    await until('all holds have expired', async () => {
      const { data } = await client.get<{ data: readonly Hold[] }>(`${path}/transactions?status=pending`);
      return data.length === 1;
    });
    for (const id of placed) {
      expect(await client.get(`${path}/transactions/${id}`)).toMatchObject({ id, status: 'expired' });
      for (const action of ['capture', 'void'])
        expect(await client.post(`${path}/transactions/${id}/${action}`, {})).toMatchObject({
          code: 'hold_expired',
        });
    }
    expect(await client.get(`${path}/accounts/a/balance`)).toMatchObject({
      pending: { debits: String(entriesOf[store] / 2) },
    });
    const transfer = { debit_account: 'a', credit_account: 'b', amount: '1', currency: 'USD' };
    expect((await client.post(`${path}/transfers`, transfer)).status).toBe(201);
  });
});
