import { CheckpointCorrupt } from '@fintech-ledger/journal';
import type { CheckpointRow, KeyRecord, LoadedRecords } from '@fintech-ledger/journal';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { PostgresCheckpointStore } from './postgres-checkpoint-store';

/** Anyone who writes to the tables here has every right but the pepper. */
const secret = 'a pepper of a test, 32 characters';
const stream = 'journal-led_tampered';
const foreign = 'journal-led_foreign';
const tables = ['heads', 'pages', 'accounts', 'records', 'idempotency_keys'] as const;

let testing: TestDatabase;
let database: Database;
let store: PostgresCheckpointStore;

beforeAll(async () => {
  testing = await testDatabase();
  database = connect({ connectionString: testing.url, max: 4, statementTimeoutMs: 30_000 });
});
afterAll(async () => {
  await database.close();
  await testing.drop();
});

const many = Array.from({ length: 300 }, (_, i) => i);
const account = (i: number, amount: bigint): CheckpointRow => ({
  key: `a:${i}`,
  text: `{"debits":"${amount}"}`,
  currency: 'USD',
  debits: amount,
  credits: amount,
});
const hold = (i: number, text: string, dueAt?: string): CheckpointRow => ({
  key: `t:${i}`,
  text,
  ...(dueAt === undefined ? {} : { dueAt }),
});
const keyAt = (revision: number): KeyRecord => ({
  requestHash: `h${revision}`,
  firstRevision: revision,
  lastRevision: revision,
});
const soon = '2026-01-02T00:00:00.000Z';

/** Hundreds of rows, so that there are several pages, then a second save that changes a few: a captured hold, a balance, a new key. */
async function saveTwice(name: string, between: () => Promise<void>): Promise<void> {
  await store.save(name, {
    head: { revision: 400, chainHash: 'x' },
    basis: null,
    records: [...many.map((i) => account(i, 5n)), ...many.map((i) => hold(i, 'pending', soon))],
    keys: many.map((i) => [`k${i}`, keyAt(i)] as const),
  });
  await between();
  await store.save(name, {
    head: { revision: 405, chainHash: 'y' },
    basis: 400,
    records: [account(7, 6n), hold(7, 'captured')],
    keys: [['late', keyAt(405)]],
  });
}

/** Everything as it is now, beside it. */
async function keepCopies(): Promise<void> {
  for (const table of tables) {
    await database.query(`DROP TABLE IF EXISTS old_${table}`);
    await database.query(`CREATE TABLE old_${table} AS SELECT * FROM writer.${table}`);
  }
}

const ofStream = `stream_id = (SELECT stream_id FROM writer.heads WHERE stream = '${stream}')`;
/** A row, a segment or the head as it was before the second save. */
const putBack = (table: (typeof tables)[number], where = 'true'): string[] => [
  `DELETE FROM writer.${table} WHERE ${ofStream} AND ${where}`,
  `INSERT INTO writer.${table} OVERRIDING SYSTEM VALUE SELECT * FROM old_${table} WHERE ${ofStream.replace('writer.heads', 'old_heads')} AND ${where}`,
];

type Look = readonly ['keys' | 'records', string];
const attacks: readonly (readonly [name: string, statements: readonly string[], looks: Look])[] = [
  [
    'an idempotency key is deleted',
    [`DELETE FROM writer.idempotency_keys WHERE ${ofStream} AND key = 'k7'`],
    ['keys', 'k7'],
  ],
  [
    'the last idempotency key is deleted',
    [`DELETE FROM writer.idempotency_keys WHERE ${ofStream} AND key = 'late'`],
    ['keys', 'late'],
  ],
  [
    'all idempotency keys are deleted',
    [`DELETE FROM writer.idempotency_keys WHERE ${ofStream}`],
    ['keys', 'k7'],
  ],
  [
    'a captured hold is deleted',
    [`DELETE FROM writer.records WHERE ${ofStream} AND key = 't:7'`],
    ['records', 't:7'],
  ],
  [
    'an account is deleted',
    [`DELETE FROM writer.accounts WHERE ${ofStream} AND key = 'a:7'`],
    ['records', 'a:7'],
  ],
  [
    'a key leads to another command',
    [`UPDATE writer.idempotency_keys SET first_revision = 9 WHERE ${ofStream} AND key = 'k7'`],
    ['keys', 'k7'],
  ],
  [
    'a key is of another request',
    [`UPDATE writer.idempotency_keys SET request_hash = 'h8' WHERE ${ofStream} AND key = 'k7'`],
    ['keys', 'k7'],
  ],
  [
    'a record is edited',
    [`UPDATE writer.records SET record = 'pending' WHERE ${ofStream} AND key = 't:7'`],
    ['records', 't:7'],
  ],
  [
    'a due time is edited',
    [`UPDATE writer.records SET due_at = '2036-01-01' WHERE ${ofStream} AND key = 't:8'`],
    ['records', 't:8'],
  ],
  [
    'a due time is removed',
    [`UPDATE writer.records SET due_at = NULL WHERE ${ofStream} AND key = 't:8'`],
    ['records', 't:8'],
  ],
  [
    'an account is edited',
    [`UPDATE writer.accounts SET record = '{"debits":"900"}' WHERE ${ofStream} AND key = 'a:7'`],
    ['records', 'a:7'],
  ],
  [
    'its columns are edited, and balance',
    [`UPDATE writer.accounts SET debits = 900, credits = 900 WHERE ${ofStream} AND key = 'a:7'`],
    ['records', 'a:7'],
  ],
  [
    'its currency is edited',
    [`UPDATE writer.accounts SET currency = 'EUR' WHERE ${ofStream} AND key = 'a:7'`],
    ['records', 'a:7'],
  ],
  [
    'a row has the content and the MAC of another one',
    [
      `UPDATE writer.accounts a SET record = b.record, mac = b.mac, debits = b.debits, credits = b.credits
        FROM writer.accounts b WHERE a.${ofStream} AND b.stream_id = a.stream_id AND a.key = 'a:7' AND b.key = 'a:8'`,
    ],
    ['records', 'a:7'],
  ],
  [
    'a row is renamed',
    [
      `DELETE FROM writer.records WHERE ${ofStream} AND key = 't:7'`,
      `UPDATE writer.records SET key = 't:7' WHERE ${ofStream} AND key = 't:8'`,
    ],
    ['records', 't:7'],
  ],
  [
    'a row comes from another ledger',
    [
      `DELETE FROM writer.accounts WHERE ${ofStream} AND key = 'a:7'`,
      `UPDATE writer.accounts SET ${ofStream} WHERE key = 'a:7' AND stream_id = (SELECT stream_id FROM writer.heads WHERE stream = '${foreign}')`,
    ],
    ['records', 'a:7'],
  ],
  [
    'a key is added from another ledger',
    [
      `UPDATE writer.idempotency_keys SET ${ofStream} WHERE key = 'only-there' AND stream_id = (SELECT stream_id FROM writer.heads WHERE stream = '${foreign}')`,
    ],
    ['keys', 'only-there'],
  ],
  [
    'a key is added',
    [
      `INSERT INTO writer.idempotency_keys (stream_id, bucket, key, mac, request_hash, first_revision, last_revision)
      SELECT stream_id, bucket, 'new', mac, request_hash, 1, 1 FROM writer.idempotency_keys WHERE ${ofStream} AND key = 'k7'`,
    ],
    ['keys', 'k7'],
  ],
  [
    'a row is moved to another bucket',
    [`UPDATE writer.idempotency_keys SET bucket = bucket # 1 WHERE ${ofStream} AND key = 'k7'`],
    ['keys', 'k7'],
  ],
  [
    'a MAC is cut',
    [`UPDATE writer.records SET mac = substr(mac, 1, 11) WHERE ${ofStream} AND key = 't:7'`],
    ['records', 't:7'],
  ],
  ['a captured hold is put back as it was', putBack('records', `key = 't:7'`), ['records', 't:7']],
  ['an account is put back as it was', putBack('accounts', `key = 'a:7'`), ['records', 'a:7']],
  ['all rows are put back', [...putBack('records'), ...putBack('accounts')], ['records', 't:7']],
  [
    'rows and pages are put back',
    [...putBack('records'), ...putBack('accounts'), ...putBack('pages')],
    ['records', 't:7'],
  ],
  ['pages are put back', putBack('pages'), ['records', 't:7']],
  ['the head is put back', putBack('heads'), ['records', 't:7']],
  ['head and pages are put back', [...putBack('heads'), ...putBack('pages')], ['records', 't:7']],
  [
    'a page is edited',
    [`UPDATE writer.pages SET digests = overlay(digests placing '\\x01'::bytea from 40) WHERE ${ofStream}`],
    ['records', 't:7'],
  ],
  ['a page is deleted', [`DELETE FROM writer.pages WHERE ${ofStream} AND kind = 'K'`], ['keys', 'k7']],
  [
    'pages change places',
    [
      `UPDATE writer.pages SET kind = CASE kind WHEN 'K' THEN 'R'::"char" ELSE 'K'::"char" END, segment = segment + 1 WHERE ${ofStream}`,
    ],
    ['keys', 'k7'],
  ],
  [
    'the head says another revision',
    [`UPDATE writer.heads SET revision = 404 WHERE stream = '${stream}'`],
    ['keys', 'k7'],
  ],
  [
    'the head says another chain hash',
    [`UPDATE writer.heads SET chain_hash = 'z' WHERE stream = '${stream}'`],
    ['keys', 'k7'],
  ],
  [
    'the head says fewer pages',
    [`UPDATE writer.heads SET key_pages = 1 WHERE stream = '${stream}'`],
    ['keys', 'k7'],
  ],
  [
    'the head says an older format',
    [`UPDATE writer.heads SET format = 1 WHERE stream = '${stream}'`],
    ['keys', 'k7'],
  ],
];

const look = (target: PostgresCheckpointStore, [kind, key]: Look): Promise<LoadedRecords<unknown>> =>
  kind === 'keys' ? target.loadKeys(stream, [key]) : target.loadRecords(stream, [key]);

describe('a checkpoint that somebody edited', () => {
  beforeEach(async () => {
    store = new PostgresCheckpointStore(database, { secret });
    await store.drop(stream);
    await store.drop(foreign);
    await saveTwice(foreign, async () => undefined);
    await store.save(foreign, {
      head: { revision: 409, chainHash: 'z' },
      basis: 405,
      records: [],
      keys: [['only-there', keyAt(408)]],
    });
    await saveTwice(stream, keepCopies);
  });

  it.each(attacks)('is noticed after a restart, before it is believed: %s', async (_, statements, target) => {
    for (const statement of statements) await database.query(statement);
    const restarted = new PostgresCheckpointStore(database, { secret });
    // What a writer does: the head first, then what commands need.
    await expect(restarted.loadHead(stream).then(() => look(restarted, target))).rejects.toThrow(
      CheckpointCorrupt,
    );
    // And what a writer does that goes on with pages that it knows not yet.
    await expect(look(new PostgresCheckpointStore(database, { secret }), target)).rejects.toThrow(
      CheckpointCorrupt,
    );
  });

  it.each(attacks)(
    'is noticed by the process that wrote it, or does not matter to it: %s',
    async (_, statements, target) => {
      const before = await look(store, target);
      for (const statement of statements) await database.query(statement);
      const after = await look(store, target).catch((error: unknown) => error);
      if (after instanceof CheckpointCorrupt) return;
      expect(after).toEqual(before);
      // Pages and head it has in memory.
      if (/accounts|records|idempotency_keys/.test(statements.join())) {
        await expect(scrubAll()).rejects.toThrow(CheckpointCorrupt);
      }
    },
  );

  it.each(attacks)(
    'is noticed when it is saved again, or mended by that: %s',
    async (_, statements, target) => {
      const before = await look(store, target);
      for (const statement of statements) await database.query(statement);
      const records = [hold(7, 'captured'), account(7, 6n)];
      const again = { head: { revision: 410, chainHash: 'z' }, basis: 405, records, keys: [] };
      const writer = new PostgresCheckpointStore(database, { secret });
      const restarted = new PostgresCheckpointStore(database, { secret });
      const after = await writer
        .save(stream, again)
        .then(() => look(restarted, target))
        .catch((error: unknown) => error);
      if (!(after instanceof CheckpointCorrupt)) expect(after).toEqual({ ...before, headRevision: 410 });
    },
  );

  it('is legal as a whole when it is an older one', async () => {
    const statements = tables.flatMap((table) => putBack(table));
    // The head last: the others find their stream by it.
    const [deleteHead, insertHead, ...rows] = statements;
    for (const statement of [...rows, deleteHead, insertHead]) await database.query(statement as string);
    const restarted = new PostgresCheckpointStore(database, { secret });
    expect(await restarted.loadHead(stream)).toMatchObject({ revision: 400 });
    expect((await restarted.loadRecords(stream, ['t:7'])).found.get('t:7')).toBe('pending');
    expect(await restarted.loadKeys(stream, ['late'])).toEqual({ headRevision: 400, found: new Map() });
    // The process that knows of a later one is told that it went back.
    expect((await store.loadRecords(stream, ['t:8'])).headRevision).toBe(400);
  });

  it('is nothing to who has another pepper', async () => {
    const other = new PostgresCheckpointStore(database, { secret: 'another pepper, 32 characters long' });
    await expect(other.loadHead(stream)).rejects.toThrow(CheckpointCorrupt);
  });

  it('is found by scrubbing in the background, which takes it out of use', async () => {
    const told: string[] = [];
    await database.query(`DELETE FROM writer.idempotency_keys WHERE ${ofStream} AND key = 'k7'`);
    store.startScrubbing((name) => told.push(name), 5);
    for (let i = 0; i < 2_000 && told.length === 0; i += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await store.close();
    expect(told).toEqual([stream]);
    expect(await store.loadHead(stream)).toBeNull();
    expect(
      await store.save(stream, {
        head: { revision: 500, chainHash: 'z' },
        basis: 405,
        records: [],
        keys: [],
      }),
    ).toBe('gone');
  });

  /** As often as it takes to have seen every row of both streams. */
  async function scrubAll(target = store): Promise<void> {
    for (let i = 0; i < 20; i += 1) await target.scrub(1_000);
  }
});

describe('a checkpoint that holds', () => {
  it('is not blamed by scrubbing while it is written and read', async () => {
    store = new PostgresCheckpointStore(database, { secret, indexedRowsMax: 200 });
    await store.drop(stream);
    const isOver = { value: false };
    const saving = (async () => {
      for (let revision = 1; revision < 40; revision += 1) {
        const fresh = Array.from({ length: 60 }, (_, i) => revision * 100 + i);
        await store.save(stream, {
          head: { revision, chainHash: 'x' },
          basis: revision === 1 ? null : revision - 1,
          records: fresh.map((i) => hold(i % 500, `at ${revision}`)),
          keys: fresh.map((i) => [`k${i}`, keyAt(i)] as const),
        });
      }
    })().finally(() => (isOver.value = true));
    while (!isOver.value) {
      await store.scrub(100);
      await store.loadKeys(stream, ['k100', 'k101', 'nobody', 'k5000000']);
      await store.loadRecords(stream, ['t:1', 't:499', 't:777']);
    }
    await saving;
    expect((await store.loadKeys(stream, ['k3959', 'k3960'])).found).toEqual(
      new Map([['k3959', keyAt(3_959)]]),
    );
  });
});
