import { MemoryEventStore } from '@fintech-ledger/event-store';
import type { ReadOptions, RecordedEvent } from '@fintech-ledger/event-store';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { PositionWaiter, Projector } from '@fintech-ledger/projection-runtime';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import { randomJournal, ScriptedFeed, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { ledgerAndAccess } from '../../../../testing/modules';
import { postgresLedgerQueries } from '../../read-model/ledger-queries';
import { ledgerScope } from '../../read-model/keys';
import type { ReadModels } from '../../ledgers/read-models';
import { ReadEvents, ReadEventsHandler } from '../read-events.handler';
import { touchesAccount } from '../touches-account';
import { lookUp } from './find-events';

jest.setTimeout(120_000);

/** Counts the events that are read of it. */
class CountingStore extends MemoryEventStore {
  count = 0;

  override async readStream(stream: string, options: ReadOptions): Promise<readonly RecordedEvent[]> {
    const page = await super.readStream(stream, options);
    this.count += page.length;
    return page;
  }
}

const ledgerId = 'led_index';
const { recorded } = randomJournal({ ledgerId, seed: 11, commands: 400 });
const others = randomJournal({ ledgerId: 'led_other', seed: 12, commands: 50 }).recorded;
/** The read models know no more than this. */
const known = Math.floor(recorded.length * 0.8);

let testing: TestDatabase;
let db: Database;
let store: CountingStore;
let projector: Projector<DecodedEvent>;

beforeAll(async () => {
  testing = await testDatabase();
  db = connect({ connectionString: testing.url, statementTimeoutMs: 30_000 });
  store = new CountingStore();
  for (const { stream, ...event } of [...recorded, ...others]) await store.append(stream, 'any', [event]);
  const feed = new ScriptedFeed();
  const { decode, projections } = ledgerAndAccess;
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
  // Runs end with what is projected at once.
  for (let at = 0; at < known; at += 37) feed.push(...recorded.slice(at, Math.min(known, at + 37)));
  feed.push(...others);
  const waiter = new PositionWaiter(db, ['events', 'entries']);
  expect(await waiter.waitFor(`journal-${ledgerId}`, known - 1, 60_000)).toBe(true);
});
afterAll(async () => {
  await projector.stop();
  await db.close();
  await testing.drop();
});

const handler = (): ReadEventsHandler => {
  const models = { check: () => Promise.resolve() } as unknown as ReadModels;
  const queries = postgresLedgerQueries(db, { waitFor: () => Promise.resolve(true) });
  return new ReadEventsHandler(models, store, queries);
};

const types = [...new Set(recorded.map(({ type }) => type)), 'NoSuchEvent'];
const accounts = ['cash:USD', 'shop:a:fees:EUR', 'shop-2:x:USD', 'nobody'];
const filters = [
  ...types.map((type) => ({ type })),
  ...accounts.map((account) => ({ account })),
  ...accounts.flatMap((account) => types.map((type) => ({ type, account }))),
];

describe('the events of a type or an account', () => {
  it.each(filters)('are those that a scan finds, in pages: %j', async (filter) => {
    const { type, account } = filter as { type?: string; account?: string };
    const wanted = recorded.filter(
      (event) =>
        (type === undefined || event.type === type) &&
        (account === undefined || touchesAccount(event.data, account)),
    );
    for (const [limit, from] of [
      [1, Math.floor(recorded.length / 2)],
      [7, 0],
      [100, 3],
    ] as const) {
      const seen: number[] = [];
      let next: number | null = from;
      while (next !== null) {
        const request: ReadEvents['request'] = { ...filter, fromRevision: next, limit };
        const page = await handler().execute(new ReadEvents({ organizationId: 'org_1', ledgerId }, request));
        expect(page.events.length).toBeLessThanOrEqual(limit);
        expect(page.revision).toBe(recorded.length - 1);
        expect(page.nextRevision ?? Infinity).toBeGreaterThan(next);
        seen.push(...page.events.map((event) => event.revision));
        next = page.nextRevision;
      }
      expect(seen).toEqual(wanted.map((event) => event.revision as number).filter((at) => at >= from));
    }
  });

  it('are read one by one: what is not asked for is not read, but for what the read models do not have yet', async () => {
    const before = store.count;
    const request = { account: 'nobody', fromRevision: 0, limit: 1 };
    const page = await handler().execute(new ReadEvents({ organizationId: 'org_1', ledgerId }, request));
    expect(page).toMatchObject({ events: [], nextRevision: null });
    // The head, too.
    expect(store.count - before).toBe(recorded.length - known + 1);
  });

  it('are found by indexes alone, however many there are', async () => {
    const scope = ledgerScope('led_large');
    await db.query(
      `insert into read.event_runs (ledger_key, kind, subject, first, last)
       select $1, 'T', 'Type' || n % 7, n, n from generate_series(1, 20000) n`,
      [scope.ledgerKey],
    );
    await db.query(
      `insert into read.entries (account_key, event_id, sequence, recorded_ms, effective_ms, effect, direction, is_first, is_dated,
         event_type, transaction_id, amount, posted_debits, posted_credits, pending_debits, pending_credits)
       select read.account_key('led_large', 'account' || n % 100), gen_random_uuid(), n * 4096, n, n, 'P', 'D', true, n % 5 = 0,
         'TransactionPosted', 't', 1, 1, 0, 0, 0 from generate_series(1, 20000) n`,
    );
    await db.query('analyze read.event_runs, read.entries');
    for (const filter of [
      { type: 'Type3' },
      { account: 'account7' },
      { type: 'TransactionPosted', account: 'account7' },
    ]) {
      const { text, values } = lookUp(scope, filter, 5_000, 20);
      const { rows } = await db.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values.values);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toMatch(/Index (?:Only )?Scan/);
      expect(plan).not.toMatch(/Seq Scan/);
    }
  });
});
