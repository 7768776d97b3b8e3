import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { freshStream, someEvents } from '../../contract/contract-subject';
import { PostgresEventStore } from './postgres-event-store';

let testing: TestDatabase;
let database: Database;

beforeAll(async () => {
  testing = await testDatabase();
  database = connect({ connectionString: testing.url, max: 2, statementTimeoutMs: 30_000 });
});
afterAll(async () => {
  await database.close();
  await testing.drop();
});

it('does not count what says whose store it is: read models would look behind for ever', async () => {
  const store = new PostgresEventStore({ database });
  await store.append('installation', 'no_stream', someEvents(1));
  const stream = freshStream();
  await store.append(stream, 'no_stream', someEvents(3));
  const [last] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
  await store.append('installation', 'any', someEvents(2));
  expect(await store.countAfter(undefined)).toBe(3);
  expect(await store.countAfter(last?.position)).toBe(0);
  await store.append(stream, 'any', someEvents(2));
  expect(await store.countAfter(last?.position)).toBe(2);
  await store.close();
});
