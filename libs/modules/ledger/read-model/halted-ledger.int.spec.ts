import type { RecordedEvent } from '@fintech-ledger/event-store';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import {
  PositionWaiter,
  postgresProjectionStates,
  Projector,
  rebuildStream,
} from '@fintech-ledger/projection-runtime';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import { randomJournal, ScriptedFeed, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresLedgerQueries } from './ledger-queries';
import { TrialBalanceWatch } from './trial-balance-watch';
import { ledgerAndAccess } from '../../../testing/modules';
import { ledgerProjections } from '../ledger.module';

const { decode, projections } = ledgerAndAccess;

jest.setTimeout(60_000);

const tables = ['accounts', 'transactions', 'entries', 'dated_days', 'moments'] as const;

describe('a ledger whose rows or events were edited', () => {
  const [one, other] = [
    randomJournal({ ledgerId: 'led_one', seed: 3, commands: 150 }).recorded,
    randomJournal({ ledgerId: 'led_other', seed: 4, commands: 150 }).recorded,
  ];
  const half = 80;
  let database: TestDatabase;
  let db: Database;
  let feed: ScriptedFeed;
  let projector: Projector<DecodedEvent>;
  let waiter: PositionWaiter;

  beforeEach(async () => {
    database = await testDatabase();
    db = connect({ connectionString: database.url, statementTimeoutMs: 30_000 });
    feed = new ScriptedFeed();
    waiter = new PositionWaiter(db, ledgerProjections);
    projector = new Projector({
      db,
      feed,
      history: feed,
      decode,
      linkOf: (event) => event,
      recordedMsOf: ({ recordedMs }) => recordedMs,
      projections,
    });
    projector.start();
    feed.push(...one.slice(0, half), ...other.slice(0, half));
    await reached('led_one', half - 1);
    await reached('led_other', half - 1);
  });
  afterEach(async () => {
    await projector.stop();
    await db.close();
    await database.drop();
  });

  async function reached(ledgerId: string, at: number): Promise<void> {
    expect(await waiter.waitFor(`journal-${ledgerId}`, at, 20_000)).toBe(true);
  }
  async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
    for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(20)) {
      const found = await look();
      if (found !== undefined) return found;
    }
    throw new Error('it did not happen in time');
  }
  const reasonOf = (ledgerId: string): Promise<string | undefined> =>
    postgresLedgerQueries(db, waiter).haltedReason(ledgerId);
  const untilHalted = (ledgerId: string) => until(() => reasonOf(ledgerId));
  const goesOn = (ledgerId: string) =>
    until(async () => ((await reasonOf(ledgerId)) === undefined ? true : undefined));
  const pushRest = (): void => feed.push(...one.slice(half), ...other.slice(half));
  /** Every row of the read models, as text. */
  async function content(): Promise<string> {
    const parts: string[] = [];
    for (const table of tables) {
      const { rows } = await db.query<{ row: string }>(
        `select t::text as row from read.${table} t order by 1`,
      );
      parts.push(...rows.map(({ row }) => `${table} ${row}`));
    }
    return parts.join('\n');
  }

  /** The address of an account that later events of the first ledger move money on. */
  function movedLater(): string {
    for (const { data } of one.slice(half)) {
      const { entries } = JSON.parse(data) as { entries?: readonly { account: string }[] };
      if (entries?.[0] !== undefined) return entries[0].account;
    }
    throw new Error('the journal has no entries there');
  }

  it.each<[string, string, RegExp]>([
    [
      'a total was raised',
      'update read.accounts set posted_debits = posted_debits + 1 where account_key = read.account_key($1, $2)',
      /account .* has postedDebits \d+ in read\.accounts, its events have \d+: the row was edited, or lost/,
    ],
    [
      'a version was changed',
      'update read.accounts set version = version + 1 where account_key = read.account_key($1, $2)',
      /account .* has version \d+ in read\.accounts, its events have \d+/,
    ],
    [
      'a row was deleted',
      'delete from read.accounts where account_key = read.account_key($1, $2)',
      /account .* has no row in read\.accounts/,
    ],
  ])('halts at the next event of an account when %s, and no other ledger does', async (_, edit, reason) => {
    await db.query('create table saved as table read.accounts');
    await db.query(edit, ['led_one', movedLater()]);
    pushRest();
    await reached('led_other', other.length - 1);
    expect(await untilHalted('led_one')).toMatch(reason);
    expect(await reasonOf('led_other')).toBeUndefined();
    const queries = postgresProjectionStates(db, feed);
    const views = await queries.projections();
    const accounts = views.find(({ name }) => name === 'accounts');
    expect(accounts).toMatchObject({ state: 'running', halted_streams_count: 1 });
    expect(accounts?.last_error).toMatch(reason);
    expect(accounts?.halted_streams[0]?.stream).toBe('journal-led_one');
    expect(views.find(({ name }) => name === 'entries')?.halted_streams).toEqual([]);
    // The row is put back as it was.
    await db.query(
      `insert into read.accounts select * from saved where account_key = read.account_key($1, $2)
       on conflict (account_key) do update set posted_debits = excluded.posted_debits, version = excluded.version`,
      ['led_one', movedLater()],
    );
    await goesOn('led_one');
    await reached('led_one', one.length - 1);
  });

  it('shows at once in the trial balance, before any event comes', async () => {
    expect(await new TrialBalanceWatch(db).unbalanced()).toEqual([]);
    const { rows } = await db.query<{ currency: string }>(
      `update read.accounts set posted_debits = posted_debits + 7 where account_key = read.account_key($1, $2)
       returning currency`,
      ['led_one', movedLater()],
    );
    expect(await new TrialBalanceWatch(db).unbalanced()).toEqual([
      { ledgerId: null, currency: rows[0]?.currency, posted: '7', pending: '0' },
    ]);
  });

  it('is rebuilt from the store, and then has what it would have had', async () => {
    pushRest();
    await reached('led_one', one.length - 1);
    await reached('led_other', other.length - 1);
    const before = await content();
    await db.query('update read.transactions set lines = $1 where ledger_key = read.ledger_key($2)', [
      '[]',
      'led_one',
    ]);
    await db.query(
      'delete from read.entries where sequence % 3 = 0 and account_key = read.account_key($1, $2)',
      ['led_one', movedLater()],
    );
    expect(await content()).not.toBe(before);
    await rebuildStream(db, projections, 'journal-led_one');
    await goesOn('led_one');
    await reached('led_one', one.length - 1);
    expect(await content()).toBe(before);
  });

  it('halts at an event that was changed after it was sealed, until the store has the right one', async () => {
    const at = half + 5;
    const right = one[at] as RecordedEvent;
    const changed = { ...right, metadata: right.metadata.replace('"actor":"', '"actor":"x') };
    expect(changed.metadata).not.toBe(right.metadata);
    feed.push(...one.slice(half, at), changed, ...one.slice(at + 1), ...other.slice(half));
    await reached('led_other', other.length - 1);
    expect(await untilHalted('led_one')).toMatch(
      new RegExp(
        `^event journal-led_one@${at} .*: it was changed: its hash is [0-9a-f]{64}, its content has`,
      ),
    );
    await reached('led_one', at - 1);
    feed.store(right);
    await goesOn('led_one');
    await reached('led_one', one.length - 1);
  });

  it('says how old what is not applied is, and nothing while all is', async () => {
    const unknown = { countAfter: () => Promise.resolve(null) };
    const lag = async (afterMs = 0): Promise<number> => {
      const views = await postgresProjectionStates(db, unknown, () => Date.now() + afterMs).projections();
      return views.find(({ name }) => name === 'accounts')?.lag.seconds ?? NaN;
    };
    const hour = 3_600_000;
    await until(async () => ((await lag(hour)) === 0 ? true : undefined));
    // Somebody keeps the rows from being written.
    const session = await db.session();
    await session.query('begin');
    await session.query('lock table read.accounts in access exclusive mode');
    const next = one[half] as RecordedEvent;
    feed.push(next);
    const { recordedAt } = JSON.parse(next.metadata) as { recordedAt: string };
    const age = (Date.now() - Date.parse(recordedAt)) / 1_000;
    await until(async () => ((await lag()) > age - 60 ? true : undefined));
    expect(await lag()).toBeLessThan(age + 600);
    await session.release();
    await until(async () => ((await lag(hour)) === 0 ? true : undefined));
    // Nobody projects any more: nobody can say that nothing is waiting.
    await projector.stop();
    await db.query(`update read.projector_looks set looked_at = looked_at - interval '1 minute'`);
    expect(await lag(hour)).toBeGreaterThan(3_600);
  });
});
