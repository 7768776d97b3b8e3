import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { PostgresEventStore } from './adapters/postgres/postgres-event-store';
import { describeEventStoreContract } from './contract-suite';

let server: TestDatabase;
let database: Database;
let store: PostgresEventStore;
const databases: Database[] = [];

beforeAll(async () => {
  server = await testDatabase();
  database = connect({ connectionString: server.url, max: 20, statementTimeoutMs: 20_000 });
  store = new PostgresEventStore({ database });
});

afterAll(async () => {
  await store.close();
  await Promise.all([database, ...databases].map((each) => each.close()));
  await server.drop();
});

describeEventStoreContract('postgres', {
  store: () => store,
  log: () => store,
  openAnother: async () => {
    const another = connect({ connectionString: server.url, max: 2, statementTimeoutMs: 30_000 });
    databases.push(another);
    return new PostgresEventStore({ database: another });
  },
  damage: {
    cutOff: async (stream, before) => {
      await database.transaction(async (sql) => {
        // As the superuser that the tests are: nobody else can.
        await sql.query('set local session_replication_role = replica', []);
        await sql.query(
          'delete from store.events where revision < $2 and stream_id = (select id from store.streams where name = $1)',
          [stream, before],
        );
      });
    },
  },
});
