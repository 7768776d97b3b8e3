import { CheckpointCorrupt } from '@fintech-ledger/journal';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { describeCheckpointStore } from './contract-suite';
import { PostgresCheckpointStore } from './postgres-checkpoint-store';

const secret = 'a pepper of a test, 32 characters';
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

describeCheckpointStore('Postgres', () => Promise.resolve(new PostgresCheckpointStore(database, { secret })));

describe('an edited checkpoint in Postgres', () => {
  const stream = 'journal-led_edited';
  const row = (key: string, text: string) => ({ key, text, currency: 'USD', debits: 5n, credits: 5n });
  let store: PostgresCheckpointStore;

  beforeEach(async () => {
    store = new PostgresCheckpointStore(database, { secret });
    await store.drop(stream);
    await store.save(stream, {
      head: { revision: 3, chainHash: 'x' },
      basis: null,
      records: [row('a:x', '{"a":1}'), row('a:y', '{"a":2}')],
      keys: [],
    });
  });

  it('is not taken up when its head was edited', async () => {
    await database.query("UPDATE writer.heads SET revision = 2 WHERE stream = 'journal-led_edited'");
    await expect(store.loadHead(stream)).rejects.toThrow(CheckpointCorrupt);
    await expect(store.loadHead(stream)).rejects.toThrow('its head was edited');
  });

  it.each([
    ["UPDATE writer.accounts SET debits = 6 WHERE key = 'a:x'", 'the row of a:x was edited'],
    ["DELETE FROM writer.accounts WHERE key = 'a:x'", 'rows of page R1 were added, lost or put back'],
  ])('is noticed when the account is read: %s', async (statement, message) => {
    await database.query(statement);
    const restarted = new PostgresCheckpointStore(database, { secret });
    await expect(restarted.loadRecords(stream, ['a:x'])).rejects.toThrow(CheckpointCorrupt);
    await expect(restarted.loadRecords(stream, ['a:x'])).rejects.toThrow(message);
  });

  it.each(['6', '5.5', "'NaN'"])('is noticed when a balance of %s is replaced', async (debits) => {
    await database.query(`UPDATE writer.accounts SET debits = ${debits} WHERE key = 'a:x'`);
    const records = [row('a:x', '{"a":4}')];
    const saving = store.save(stream, { head: { revision: 4, chainHash: 'x' }, basis: 3, records, keys: [] });
    await expect(saving).rejects.toThrow(CheckpointCorrupt);
    await expect(saving).rejects.toThrow('USD is off by');
  });

  it('is noticed when an edited record is read', async () => {
    await database.query(`UPDATE writer.accounts SET record = '{"a":3}' WHERE key = 'a:x'`);
    await expect(store.loadRecords(stream, ['a:x'])).rejects.toThrow(CheckpointCorrupt);
  });

  it('is not mistaken for one, when it is saved while it is loaded', async () => {
    const opened = async (): Promise<void> => {
      for (let revision = 4; revision < 60; revision += 1) {
        await store.save(stream, {
          head: { revision, chainHash: 'x' },
          basis: null,
          records: [row(`a:${revision}`, '{}')],
          keys: [],
        });
      }
    };
    const isOver = { value: false };
    const saving = opened().finally(() => (isOver.value = true));
    while (!isOver.value) expect((await store.loadHead(stream))?.revision).toBeGreaterThanOrEqual(3);
    await saving;
  });

  it('serialises two saves, so that the later state stays', async () => {
    const saves = [9, 5, 8, 12, 7].map((revision) =>
      store.save(stream, {
        head: { revision, chainHash: 'x' },
        basis: null,
        records: [row('a:x', `{"at":${revision}}`)],
        keys: [],
      }),
    );
    await Promise.all(saves);
    expect((await store.loadHead(stream))?.revision).toBe(12);
    expect((await store.loadRecords(stream, ['a:x'])).found.get('a:x')).toBe('{"at":12}');
  });
});
