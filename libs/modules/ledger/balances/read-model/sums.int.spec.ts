import type { AsOf, DecodedEvent } from '@fintech-ledger/projection-runtime';
import { PositionWaiter, Projector } from '@fintech-ledger/projection-runtime';
import type { Database } from '@fintech-ledger/postgres';
import { connect } from '@fintech-ledger/postgres';
import {
  checkpointsApart,
  BruteForceBooks,
  JournalBuilder,
  randomJournal,
  ScriptedFeed,
  seededRandom,
  testDatabase,
} from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { seedOf } from '../../../../testing/seed';
import { ledgerAndAccess } from '../../../../testing/modules';
import { accountKey, ledgerKey, ledgerScope } from '../../read-model/keys';
import { readTrialBalance } from '../read-trial-balance';

const { decode, projections } = ledgerAndAccess;
const seed = seedOf('FC_SEED');
const ledgerId = 'led_sums';
const dayMs = 86_400_000;
const startMs = Date.UTC(2026, 0, 1);
const iso = (ms: number): string => new Date(ms).toISOString();
interface Totals {
  readonly posted_debits: string;
  readonly posted_credits: string;
  readonly pending_debits: string;
  readonly pending_credits: string;
}

describe(`balances from sums by time (seed ${seed})`, () => {
  let database: TestDatabase;
  let db: Database;
  let projector: Projector<DecodedEvent>;
  let waiter: PositionWaiter;
  const feed = new ScriptedFeed();
  const random = seededRandom(seed);
  const journal = randomJournal({ ledgerId, seed, commands: 600, startMs });
  const books = new BruteForceBooks(journal.recorded);
  const head = journal.recorded.length - 1;
  const accounts = [...new Set(books.entries.map(({ entry }) => entry.account))];
  const lastMs = Math.max(...books.entries.map(({ recordedMs }) => recordedMs));
  const moments = [
    ...Array.from({ length: 12 }, () =>
      Math.floor(startMs - dayMs + random() * (lastMs - startMs + 4 * dayMs)),
    ),
    ...books.entries.slice(60, 66).flatMap(({ effectiveMs }) => [effectiveMs - 1, effectiveMs]),
  ];

  beforeAll(async () => {
    database = await testDatabase();
    db = connect({ connectionString: database.url, statementTimeoutMs: 60_000 });
    projector = new Projector({ db, feed, history: feed, decode, projections });
    projector.start();
    waiter = new PositionWaiter(
      db,
      projections.map(({ name }) => name).filter((name) => name !== 'directory'),
    );
    for (let at = 0; at <= head; at += 37) feed.push(...journal.recorded.slice(Math.max(0, at - 3), at + 37));
    expect(await waiter.waitFor(`journal-${ledgerId}`, head, 30_000)).toBe(true);
  }, 60_000);
  afterAll(async () => {
    await projector.stop();
    await db.close();
    await database.drop();
  });

  const totalsBy = async (name: string, address: string, ms: number, of = ledgerId): Promise<Totals> =>
    (
      await db.query<Totals>(`select t.* from read.${name}($1::uuid, $2::uuid, $3::bigint) t`, [
        accountKey(of, address),
        ledgerKey(of),
        ms,
      ])
    ).rows[0] as Totals;

  it('are those of a fold, and those that are added up, at any moment', async () => {
    for (const ms of moments) {
      for (const address of accounts) {
        const fold = books.totals(
          books.statement(address, 'effective').filter(({ effectiveMs }) => effectiveMs <= ms),
        );
        const summed = await totalsBy('summed_totals', address, ms);
        expect(summed).toEqual({
          posted_debits: String(fold.postedDebits),
          posted_credits: String(fold.postedCredits),
          pending_debits: String(fold.pendingDebits),
          pending_credits: String(fold.pendingCredits),
        });
        expect(await totalsBy('effective_totals', address, ms)).toEqual(summed);
      }
    }
  }, 60_000);

  it('make the trial balance that accounts add up to, as of times on both axes and as of revisions', async () => {
    const asOfs: AsOf[] = [
      ...moments.flatMap((ms) => [
        { time: iso(ms), axis: 'effective' as const },
        { time: iso(ms), axis: 'recorded' as const },
      ]),
      ...Array.from({ length: 12 }, () => ({ revision: Math.floor(random() * (head + 2)) })),
    ];
    const page = { limit: 100 };
    for (const asOf of asOfs) {
      const added = await readTrialBalance(db, ledgerScope(ledgerId), asOf, page, 1_000);
      const summed = await readTrialBalance(db, ledgerScope(ledgerId), asOf, page, 0);
      expect({ asOf, ...summed }).toEqual({ asOf, ...added });
    }
  }, 60_000);

  it('read as much as there are times, however many entries were booked at them', async () => {
    const busy = new JournalBuilder('led_busy');
    for (const address of ['a', 'b'])
      busy.submit({ type: 'OpenAccount', address, accountType: 'asset', currency: 'USD' }, iso(startMs));
    // An import: all on one day, at three times of one day.
    const count = 1_500;
    for (let i = 0; i < count; i += 1) {
      const line = { amount: '1', currency: 'USD' };
      const entries = [
        { account: 'a', direction: 'debit' as const, ...line },
        { account: 'b', direction: 'credit' as const, ...line },
      ];
      const effectiveAt = iso(startMs - 30 * dayMs + (i % 3) * 3_600_000);
      busy.submit({ type: 'PostTransaction', entries, effectiveAt }, iso(startMs + 1_000 + i));
    }
    feed.push(...busy.recorded);
    expect(await waiter.waitFor('journal-led_busy', busy.recorded.length - 1, 30_000)).toBe(true);
    await db.query('analyze read.entries, read.dated_sums, read.dated_totals, read.moments');
    const onDayOfImport = startMs + 1_000 + Math.floor(count / 2);
    const onEffectiveDay = startMs - 30 * dayMs + 3_600_000;
    for (const ms of [onDayOfImport, onEffectiveDay]) {
      expect(await rowsRead('summed_totals', ms)).toBeLessThan(30);
      // So it can be told apart.
      expect(await rowsRead('effective_totals', ms)).toBeGreaterThan(400);
      expect(await totalsBy('summed_totals', 'a', ms, 'led_busy')).toEqual(
        await totalsBy('effective_totals', 'a', ms, 'led_busy'),
      );
    }
  }, 60_000);

  interface Plan {
    readonly 'Actual Rows'?: number;
    readonly 'Actual Loops'?: number;
    readonly 'Relation Name'?: string;
    readonly Plans?: readonly Plan[];
  }
  /** Rows that the statement takes from tables. */
  async function rowsRead(name: string, ms: number): Promise<number> {
    const { rows } = await db.query<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(
      `explain (analyze, format json) select t.* from read.${name}(
         '${accountKey('led_busy', 'a')}'::uuid, '${ledgerKey('led_busy')}'::uuid, ${ms}::bigint) t`,
    );
    const count = (plan: Plan): number =>
      (plan['Relation Name'] === undefined ? 0 : (plan['Actual Rows'] ?? 0) * (plan['Actual Loops'] ?? 1)) +
      (plan.Plans ?? []).reduce((sum, each) => sum + count(each), 0);
    const [first] = rows;
    if (first === undefined) throw new Error('no plan');
    return first['QUERY PLAN'].reduce((sum, { Plan: plan }) => sum + count(plan), 0);
  }

  it('have no part in an answer while they are behind', async () => {
    const asOf = { time: iso(lastMs), axis: 'effective' } as const;
    const read = () => readTrialBalance(db, ledgerScope(ledgerId), asOf, { limit: 100 }, 0);
    const before = await read();
    await db.query(checkpointsApart);
    await db.query(`update read.checkpoint_rows set revision = revision - 1 where projection = 'sums'`);
    await db.query('update read.dated_sums set posted_debits = posted_debits + 1');
    await db.query('update read.currency_totals set posted_debits = posted_debits + 1');
    expect(await read()).toEqual(before);
    await db.query(`update read.checkpoint_rows set revision = revision + 1 where projection = 'sums'`);
    await expect(read()).rejects.toThrow('they are not what the sums by time say');
  });
});
