import type { AccessEvent } from '@fintech-ledger/access/domain';
import { readConfig } from '@fintech-ledger/config';
import { genesisHash, journalPrefix, sealMetadata } from '@fintech-ledger/envelope';
import { directEventFeed } from '@fintech-ledger/event-feed';
import { PostgresEventStore, revision } from '@fintech-ledger/event-store';
import { createLogger } from '@fintech-ledger/logging';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { Projector, Rebuilder } from '@fintech-ledger/projection-runtime';
import type { DecodedEvent, Rebuild } from '@fintech-ledger/projection-runtime';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { modules } from '../../modules';
import { followKeys } from './follow-keys';
import { rebuildsOf } from './operations/rebuilds-of';
import { openReadPools } from './read-pools';

jest.setTimeout(90_000);

const at = '2026-01-01T00:00:00.000Z';
const stream = 'org-org_1';
const events: readonly AccessEvent[] = [
  { type: 'OrganizationCreated', data: { organization: { createdAt: at, id: 'org_1', name: 'One' } } },
  {
    type: 'ApiKeyCreated',
    data: {
      apiKey: {
        createdAt: at,
        hmac: 'hmac',
        id: 'key_1',
        last4: 'abcd',
        name: 'first',
        scopes: ['ledger:read'],
      },
    },
  },
];

describe('API keys that are not in memory', () => {
  let testing: TestDatabase;
  let db: Database;
  let store: PostgresEventStore;
  let projector: Projector<DecodedEvent>;
  let rebuilder: Rebuilder<DecodedEvent>;

  beforeAll(async () => {
    testing = await testDatabase();
    db = connect({ connectionString: testing.url, max: 10, statementTimeoutMs: 30_000 });
    store = new PostgresEventStore({ database: db });
    const { projections, decode } = modules;
    const common = { db, store, decode, projections, linkOf: (event: DecodedEvent) => event };
    projector = new Projector({ ...common, feed: directEventFeed(store), history: store });
    // For longer than a process may take a side for the live one.
    rebuilder = new Rebuilder({ ...common, journalPrefix, unusedSeconds: 6 });
    await append();
    projector.start();
    rebuilder.start();
  });
  afterAll(async () => {
    await rebuilder.stop();
    await projector.stop();
    await store.close();
    await db.close();
    await testing.drop();
  });

  async function append(): Promise<void> {
    const { events: types } = modules.domainOf('org-');
    let previousHash = genesisHash;
    const sealed = events.map(({ type, data }, index) => {
      const event = { id: randomUUID(), type, data: JSON.stringify(data), stream, revision: revision(index) };
      const { text, hash } = sealMetadata(event, {
        version: types.versionOf(type),
        commandIndex: 0,
        commandSize: 1,
        recordedAt: at,
        effectiveAt: at,
        previousHash,
      });
      previousHash = hash;
      return { id: event.id, type, data: event.data, metadata: text };
    });
    await store.append(stream, 'no_stream', sealed);
  }

  async function until(what: () => Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + 40_000; !(await what()); await sleep(50))
      if (Date.now() > deadline) throw new Error('it took too long');
  }
  const countOf = async (table: string): Promise<number> =>
    Number((await db.query<{ n: string }>(`select count(*) as n from ${table}`)).rows[0]?.n);

  it('are found after the directory was rebuilt, swapped and dropped, while the event store is down', async () => {
    const pools = openReadPools(testing.url, { databasePoolMax: 2, expensiveQueriesMax: 1 });
    const keys = await followKeys({
      // Nothing listens there: what is in force can't be read.
      config: readConfig({}, { DATABASE_URL: testing.url, EVENT_STORE_URL: 'esdb://127.0.0.1:9?tls=false' }),
      databaseUrl: testing.url,
      installation: { id: randomUUID(), prefix: '' },
      log: createLogger('silent', 'test'),
      keys: pools.keys,
    });
    try {
      const { apiKeys } = keys.deps;
      await until(async () => (await countOf('read.api_keys')) === 1);
      expect(await apiKeys.recall('key_1')).toMatchObject({ organizationId: 'org_1' });
      const rebuilds = rebuildsOf(pools.access);
      const isIn = async (id: string, state: Rebuild['state']): Promise<boolean> =>
        (await rebuilds.get('directory', id)).state === state;
      const { id } = await rebuilds.start('directory', { ledger: null, autoSwap: true }, 'a test');
      await until(() => isIn(id, 'swapped'));
      await rebuilds.drop('directory', id);
      await until(async () => (await countOf('read.api_keys')) === 0);
      expect(await apiKeys.recall('key_1')).toMatchObject({ organizationId: 'org_1' });
    } finally {
      await keys.close();
      await pools.close();
    }
  });
});
