import { connect } from '@fintech-ledger/postgres';
import { testDatabase, testKafka } from '@fintech-ledger/testing';
import { randomBytes } from 'node:crypto';
import { startApp } from './support/app-process';
import type { AppName, AppProcess } from './support/app-process';
import { LedgerClient } from './support/ledger-client';
import { buildStandalone } from './support/standalone-process';
import { auditTopic } from './support/topic-audit';

jest.setTimeout(180_000);

const started: (() => Promise<unknown>)[] = [];

afterAll(async () => {
  for (const stop of started.reverse()) await stop();
});

/** A distributed set on a database of its own, which names neither a topic nor a group; and the topic that is its own. */
async function startSet(brokers: readonly string[]): Promise<{ client: LedgerClient; topic: string }> {
  const database = await testDatabase();
  started.push(() => database.drop());
  const environment = {
    DATABASE_URL: database.url,
    KAFKA_BROKERS: brokers.join(','),
    API_KEY_PEPPER: randomBytes(32).toString('hex'),
  };
  const start = async (app: AppName): Promise<AppProcess> => {
    const process = await startApp(app, environment);
    started.push(() => process.stop());
    return process;
  };
  for (const app of ['writer', 'relay', 'projector'] as const) await start(app);
  const { ready } = await start('api');
  const client = new LedgerClient(ready['url'] ?? '', ready['api_key'] ?? '');
  started.push(() => client.close());
  const db = connect({ connectionString: database.url, statementTimeoutMs: 30_000 });
  const { rows } = await db.query<{ prefix: string }>('select prefix from meta.installation');
  await db.close();
  return { client, topic: `${rows[0]?.prefix ?? ''}ledger-events` };
}

it('two installations share a Kafka cluster, and neither reads the other one’s events', async () => {
  buildStandalone();
  const { brokers } = await testKafka();
  const sets = [await startSet(brokers), await startSet(brokers)];
  expect(new Set(sets.map(({ topic }) => topic)).size).toBe(2);
  const ledgers = await Promise.all(
    sets.map(async ({ client }) => {
      const { id } = await client.accepted<{ id: string }>('/v1/ledgers', { name: 'books' });
      const account = { address: 'cash', type: 'asset', currency: 'EUR' };
      await client.accepted(`/v1/ledgers/${id}/accounts`, account);
      expect(await client.get(`/v1/ledgers/${id}/accounts/cash`)).toMatchObject(account);
      return id;
    }),
  );
  for (const [number, { topic }] of sets.entries()) {
    const { reached } = await auditTopic(brokers, topic);
    const journals = [...reached.keys()].filter((stream) => stream.includes('journal-'));
    expect(journals).toEqual([expect.stringContaining(ledgers[number] ?? '')]);
  }
});
