import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { randomJournal, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { ledgerAndAccess } from '../../../testing/modules';
import { assertSameInAnyBatches } from '../../../testing/projections/any-batches';
import { seedOf } from '../../../testing/seed';

const { decode, projections } = ledgerAndAccess;
const seed = seedOf('BATCHES_SEED');

describe(`the read models of ledgers, wherever batches end (BATCHES_SEED=${seed})`, () => {
  let testing: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    testing = await testDatabase();
    database = connect({ connectionString: testing.url, max: 2, statementTimeoutMs: 120_000 });
  });
  afterAll(async () => {
    await database?.close();
    await testing?.drop();
  });

  it('have the same rows of the same events', async () => {
    const journals = [1, 2].map((n) =>
      randomJournal({ ledgerId: `led_${n}`, seed: seed + n, commands: 300 }),
    );
    const [one = [], other = []] = journals.map(({ recorded }) => recorded);
    // Two ledgers, taken in turns.
    const events = one.flatMap((event, at) => [event, ...other.slice(at, at + 1)]).map(decode);
    const filled: string[] = [];
    for (const projection of projections) {
      const own = events.filter(({ prefix }) => projection.streamPrefixes.includes(prefix));
      const rows = await assertSameInAnyBatches(database, projection, own, seed);
      filled.push(...[...rows].flatMap(([table, of]) => (of.length > 0 ? [table] : [])));
    }
    const tables = [
      'accounts',
      'transactions',
      'entries',
      'dated_days',
      'moments',
      'dated_totals',
      'dated_sums',
    ];
    expect(filled).toEqual(expect.arrayContaining(tables));
  });
});
