import { connect } from '@fintech-ledger/postgres';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { PostgresCheckpointStore } from './postgres-checkpoint-store';
import { selectSegments } from './statements';

const secret = 'a pepper of a test, 32 characters';
const stream = 'journal-led_1';
const batch = (revision: number) => ({
  head: { revision, chainHash: 'x' },
  basis: null,
  records: [{ key: 'r:a', text: `{"at":${revision}}` }],
  keys: [],
});
let testing: TestDatabase;
let database: Database;

beforeAll(async () => {
  testing = await testDatabase();
  database = connect({ connectionString: testing.url, max: 4, statementTimeoutMs: 30_000 });
});
afterAll(async () => {
  await database.close();
  await testing.drop();
});

/** The database, whose readers get the pages of a checkpoint only when they may. */
function slowToRead() {
  let goOn = (): void => undefined;
  let asked = (): void => undefined;
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
  const slow = (tx: Sql): Sql => ({
    ...tx,
    async query<R extends object>(...statement: Parameters<Sql['query']>) {
      const found = await tx.query<R>(...statement);
      if (statement[0] === selectSegments) {
        asked();
        await mayGoOn;
      }
      return found;
    },
  });
  const reader: Database = {
    ...database,
    transaction: (work, options) =>
      database.transaction((tx) => work(options?.readOnly === true ? slow(tx) : tx), options),
  };
  return { reader, isAsked, goOn: () => goOn() };
}

it('what a save knows is not replaced by what was read before it', async () => {
  await new PostgresCheckpointStore(database, { secret }).save(stream, batch(5));
  const { reader, isAsked, goOn } = slowToRead();
  const store = new PostgresCheckpointStore(reader, { secret });
  const reading = store.loadRecords(stream, ['r:a']);
  await isAsked;
  expect(await store.save(stream, batch(9))).toBe('saved');
  const known = store['checkpoints'].peek(stream);
  goOn();
  expect(await reading).toEqual({ headRevision: 9, found: new Map([['r:a', '{"at":9}']]) });
  expect(store['checkpoints'].peek(stream)).toBe(known);
});
