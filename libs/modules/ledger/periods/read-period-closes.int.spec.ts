import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { ReadModelBehind } from '@fintech-ledger/projection-runtime';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { ledgerScope } from '../read-model/keys';
import { postgresLedgerQueries } from '../read-model/ledger-queries';
import type { LedgerQueries } from '../read-model/queries';
import { findPeriodCloses } from './read-period-closes';

jest.setTimeout(120_000);

const ledgerId = 'led_closes';
const { ledgerKey, stream } = ledgerScope(ledgerId);

describe('closes of a ledger whose index of events is behind', () => {
  let testing: TestDatabase;
  let db: Database;
  let ledger: LedgerQueries;
  let running = 0;

  const reaches = (revision: number, ...projections: readonly string[]) =>
    db.query(
      `insert into read.checkpoint_rows (projection, stream, revision, previous)
       select p, $1, $2::bigint, -1 from unnest(string_to_array($3, ',')) p
       on conflict (projection, stream) do update set revision = excluded.revision`,
      [stream, revision, projections.join(',')],
    );

  beforeAll(async () => {
    testing = await testDatabase();
    db = connect({ connectionString: testing.url, statementTimeoutMs: 30_000 });
    const queries = postgresLedgerQueries(db, { waitFor: () => Promise.resolve(true) });
    ledger = {
      ...queries,
      read: async (...asked) => {
        running += 1;
        return queries.read(...asked).finally(() => (running -= 1));
      },
    };
    await reaches(7, 'accounts', 'transactions', 'entries');
    await reaches(3, 'events');
  });
  afterAll(async () => {
    await db.close();
    await testing.drop();
  });

  it('are refused once it has been waited for', async () => {
    await expect(findPeriodCloses(ledger, ledgerId, { limit: 10 })).rejects.toThrow(ReadModelBehind);
  });

  it('are waited for in no turn, up to the position at which they were asked for', async () => {
    const closes = findPeriodCloses(ledger, ledgerId, { limit: 10 });
    await delay(200);
    expect(running).toBe(0);
    await db.query(
      `insert into read.event_runs (ledger_key, kind, subject, first, last)
       values ($1::uuid, 'T', 'PeriodClosed', 7, 7)`,
      [ledgerKey],
    );
    // The others get on meanwhile: it need not catch up with them.
    await reaches(9, 'accounts', 'transactions', 'entries');
    await reaches(7, 'events');
    expect(await closes).toEqual({ revisions: [7], nextCursor: null, revision: 7 });
  });
});
