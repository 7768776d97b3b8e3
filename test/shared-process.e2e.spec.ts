import { startEventStoreDbServer, tcpProxy, testDatabase } from '@fintech-ledger/testing';
import type { EventStoreDbServer, TcpProxy, TestDatabase } from '@fintech-ledger/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { LedgerClient } from './support/ledger-client';
import type { Reply } from './support/ledger-client';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';
import { documentedFetch } from './support/documented-fetch';

jest.setTimeout(240_000);

const posting = (amount: string) => ({
  entries: [
    { account: 'cash', direction: 'debit', amount, currency: 'USD' },
    { account: 'acme', direction: 'credit', amount, currency: 'USD' },
  ],
});

/** Callers that share one process and one event store. */
describe('the standalone', () => {
  let server: EventStoreDbServer;
  let proxy: TcpProxy;
  let testing: TestDatabase;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let standalone: StandaloneProcess;
  let client: LedgerClient;
  const ledgers: string[] = [];

  beforeAll(async () => {
    buildStandalone();
    server = await startEventStoreDbServer();
    [testing, folder, proxy] = await Promise.all([testDatabase(), temporaryFolder(), tcpProxy(server.url)]);
    standalone = await startStandaloneProcess({
      dataFolder: folder.path,
      environment: {
        DATABASE_URL: testing.url,
        EVENT_STORE_URL: proxy.url,
        COMMAND_TIMEOUT_MS: '1500',
        WRITER_MEMORY_BYTES_MAX: '16000000',
      },
    });
    client = new LedgerClient(standalone.url, standalone.apiKey, 64, 60_000);
    for (const name of ['busy', 'other']) {
      const { id } = await client.accepted<{ id: string }>('/v1/ledgers', { name });
      for (const [address, type, min] of [
        ['cash', 'asset', '0'],
        ['acme', 'liability', null],
      ])
        await client.accepted(`/v1/ledgers/${id}/accounts`, {
          address,
          type,
          currency: 'USD',
          min_balance: min,
        });
      ledgers.push(`/v1/ledgers/${id}/transactions`);
    }
  });
  afterAll(async () => {
    await client?.close();
    await standalone?.stop();
    await proxy?.close();
    await server?.close();
    await testing?.drop();
    await folder?.remove();
  });

  const metrics = async (): Promise<string> => {
    const headers = { authorization: `Bearer ${standalone.apiKey}` };
    return (await documentedFetch(`${standalone.url}/metrics`, { headers })).text();
  };

  it('answers one ledger while bulks of another one are decided and refused at their last item', async () => {
    const [busy, other] = ledgers;
    const last = {
      entries: posting('1').entries.map((entry) => ({
        ...entry,
        direction: entry.direction === 'debit' ? 'credit' : 'debit',
        amount: '99999',
      })),
    };
    const bulk = { atomic: true, transactions: [...Array.from({ length: 2_999 }, () => posting('1')), last] };
    let answered = 0;
    const bulks = Array.from({ length: 20 }, async () => {
      const reply = await client.post(`${busy}/bulk`, bulk);
      answered += 1;
      return reply;
    });
    expect((await client.post(other ?? '', posting('1'))).status).toBe(201);
    expect(answered).toBeLessThan(20);
    for (const { status, code } of await Promise.all(bulks)) {
      // Within a ledger each waits for those before it, and its time may be over by then.
      expect([422, 503]).toContain(status);
      expect(['insufficient_funds', 'unavailable']).toContain(code);
    }
    expect((await client.post(busy ?? '', posting('1'))).status).toBe(201);
  });

  it('tells within the time that a caller waits what is known of a command that hangs', async () => {
    const [busy, other] = ledgers;
    proxy.set('hold_answers');
    const inFlight = client.post(busy ?? '', posting('7'), 'hangs');
    expect(await inFlight).toMatchObject({ status: 503, code: 'outcome_unknown' });
    proxy.set('down');
    proxy.set('none');
    const replies: Reply[] = [];
    for (const path of [busy, other])
      for (;;) {
        const reply = await client.post(path ?? '', posting('7'), 'hangs');
        replies.push(reply);
        if (reply.status !== 503) break;
        await delay(100);
      }
    expect(replies.map(({ status }) => status).filter((status) => status !== 503)).toEqual([201, 201]);
  });

  it('refuses what does not fit into its memory, and takes commands again', async () => {
    const [busy, other] = ledgers;
    // Small in a body, and more in memory than all writers may hold.
    const metadata = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, '1']));
    const large = { ...posting('1'), description: 'x'.repeat(300), metadata };
    const bulk = { atomic: true, transactions: Array.from({ length: 10_000 }, () => large) };
    const without = /ledger_commands_without_memory_total [1-9]/;
    // On a busy machine its time may be over before it is read.
    for (let n = 0; n < 20 && (n === 0 || !without.test(await metrics())); n += 1)
      expect(await client.post(`${busy}/bulk`, bulk)).toMatchObject({ status: 503, code: 'unavailable' });
    for (const path of [busy, other]) expect((await client.post(path ?? '', posting('1'))).status).toBe(201);
    expect(await metrics()).toMatch(without);
    expect(await metrics()).toMatch(/ledger_command_timeouts_total\{outcome="unknown"\} [1-9]/);
  });
});
