import { directEventFeed } from '@fintech-ledger/event-feed';
import { openEventStoreDb, revision } from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { PositionWaiter, Projector, rebuildStream } from '@fintech-ledger/projection-runtime';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import {
  JournalBuilder,
  randomJournal,
  startEventStoreDbServer,
  testDatabase,
} from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresLedgerQueries } from './ledger-queries';
import { ledgerAndAccess } from '../../../testing/modules';
import { ledgerProjections } from '../ledger.module';

const { decode, projections } = ledgerAndAccess;

jest.setTimeout(90_000);

/** A journal of transfers; from the `fork`th on they are of another amount, and so are other events. */
function transfers(ledgerId: string, count: number, fork = Infinity): readonly RecordedEvent[] {
  const journal = new JournalBuilder(ledgerId);
  const at = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString();
  for (const address of ['a', 'b'])
    journal.submit({ type: 'OpenAccount', address, accountType: 'asset', currency: 'USD' }, at(0));
  for (let n = 0; n < count; n += 1) {
    const line = { amount: n >= fork ? '7' : '5', currency: 'USD' };
    const entries = [
      { account: 'a', direction: 'debit' as const, ...line },
      { account: 'b', direction: 'credit' as const, ...line },
    ];
    journal.submit({ type: 'PostTransaction', entries }, at(n + 1));
  }
  return journal.recorded;
}

describe('read models over an EventStoreDB that was put back', () => {
  let database: TestDatabase;
  let db: Database;
  let waiter: PositionWaiter;
  const closers: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    database = await testDatabase();
    db = connect({ connectionString: database.url, statementTimeoutMs: 30_000 });
    waiter = new PositionWaiter(db, ledgerProjections);
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await db.close();
    await database.drop();
  });

  async function storeWith(...journals: readonly (readonly RecordedEvent[])[]): Promise<EventStore> {
    const server = await startEventStoreDbServer();
    const store = await openEventStoreDb({ url: server.url });
    closers.push(
      () => server.close(),
      () => store.close(),
    );
    for (const journal of journals) await append(store, journal, -1);
    return store;
  }
  async function append(store: EventStore, events: readonly RecordedEvent[], after: number): Promise<void> {
    const [first] = events;
    if (first === undefined) return;
    await store.append(first.stream, after === -1 ? 'no_stream' : revision(after), events);
  }
  function project(store: EventStore): Projector<DecodedEvent> {
    const projector = new Projector({
      db,
      feed: directEventFeed(store),
      history: store,
      decode,
      linkOf: (event) => event,
      projections,
    });
    closers.push(() => projector.stop());
    projector.start();
    return projector;
  }
  const reached = async (ledgerId: string, at: number): Promise<void> =>
    expect(await waiter.waitFor(`journal-${ledgerId}`, at, 30_000)).toBe(true);
  async function haltedReason(ledgerId: string): Promise<string> {
    for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(50)) {
      const reason = await postgresLedgerQueries(db, waiter).haltedReason(ledgerId);
      if (reason !== undefined) return reason;
    }
    throw new Error('it did not halt in time');
  }

  it('halt the ledger that was rewritten, and no other, and take the other history once it is accepted', async () => {
    const [before, after] = [transfers('led_one', 20), transfers('led_one', 23, 15)];
    const other = randomJournal({ ledgerId: 'led_other', seed: 4, commands: 60 }).recorded;
    const half = 30;
    const right = await storeWith(before, other.slice(0, half));
    const first = project(right);
    await reached('led_one', before.length - 1);
    await reached('led_other', half - 1);
    await first.stop();
    // Five events are lost, eight others are booked; the second ledger goes on.
    const restored = await storeWith(after, other.slice(0, half));
    project(restored);
    const last = before.length - 1;
    expect(await haltedReason('led_one')).toMatch(
      new RegExp(
        `^the journal was rewritten at ${last}: event journal-led_one@${last} .*"ledgerctl recover"$`,
      ),
    );
    await append(restored, other.slice(half), half - 1);
    await reached('led_other', other.length - 1);
    const queries = postgresLedgerQueries(db, waiter);
    expect(await queries.haltedReason('led_other')).toBeUndefined();
    // Nothing of the other history was applied.
    const debits = async () => (await queries.balance('led_one', 'a')).result?.posted.debits;
    expect(await debits()).toBe(String(20 * 5));
    await rebuildStream(db, projections, 'journal-led_one');
    await reached('led_one', after.length - 1);
    expect(await debits()).toBe(String(15 * 5 + 8 * 7));
  });

  it('notice a ledger that lost its end before anything is booked again', async () => {
    const before = transfers('led_one', 20);
    const first = project(await storeWith(before));
    await reached('led_one', before.length - 1);
    await first.stop();
    project(await storeWith(before.slice(0, -5)));
    expect(await haltedReason('led_one')).toMatch(/^the journal journal-led_one has no event \d+ any more/);
  });
});
