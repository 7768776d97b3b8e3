import { setTimeout as delay } from 'node:timers/promises';
import { LedgerClient } from './support/ledger-client';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

jest.setTimeout(120_000);

const entries = (debited: string, credited: string) => [
  { account: debited, direction: 'debit', amount: '5', currency: 'USD' },
  { account: credited, direction: 'credit', amount: '5', currency: 'USD' },
];

/** Holds whose end comes while no process runs, in ledgers to which nobody sends a command afterwards. */
describe('a hold that ends while the process is down', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let running: StandaloneProcess;

  beforeAll(async () => {
    buildStandalone();
    folder = await temporaryFolder();
  });
  afterAll(async () => {
    await running?.stop();
    await folder?.remove();
  });

  it.each(['kill -9 before the first checkpoint', 'an orderly stop'] as const)(
    'is released after %s',
    async (how) => {
      running = await startStandaloneProcess({ dataFolder: folder.path });
      const client = new LedgerClient(running.url, running.apiKey);
      const ledger = (await client.accepted<{ id: string }>('/v1/ledgers', { name: how })).id;
      const path = `/v1/ledgers/${ledger}`;
      for (const address of ['a', 'b'])
        await client.accepted(`${path}/accounts`, { address, type: 'asset', currency: 'USD' });
      const expiresAt = new Date(Date.now() + 3_000).toISOString();
      const hold = { entries: entries('a', 'b'), pending: true, expires_at: expiresAt };
      const { id, position } = await client.accepted<{ id: string; position: string }>(
        `${path}/transactions`,
        hold,
      );
      await client.close();
      if (how === 'an orderly stop') await running.stop();
      else await running.kill();
      await delay(Math.max(Date.parse(expiresAt) - Date.now(), 0) + 100);

      running = await startStandaloneProcess({ dataFolder: folder.path });
      const later = new LedgerClient(running.url, running.apiKey);
      for (;;) {
        const { status } = await later.get<{ status: string }>(`${path}/transactions/${id}`, position);
        if (status === 'expired') break;
        await delay(50);
      }
      await later.close();
      await running.stop();
    },
  );
});
