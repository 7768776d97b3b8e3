import { journalPrefix } from '@fintech-ledger/envelope';
import { directEventFeed } from '@fintech-ledger/event-feed';
import { PostgresEventStore } from '@fintech-ledger/event-store';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import {
  liveTables,
  PositionWaiter,
  postgresRebuilds,
  Projector,
  Rebuilder,
  Refused,
} from '@fintech-ledger/projection-runtime';
import type {
  DecodedEvent,
  LiveDatabase,
  Projection,
  Rebuild,
  Rebuilds,
} from '@fintech-ledger/projection-runtime';
import { randomJournal, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { seedOf } from '../../../testing/seed';
import { ledgerAndAccess } from '../../../testing/modules';
import { ledgerScope } from './keys';
import { ledgerNotFound } from '../ledgers/ledger-parameter';
import { readTrialBalance } from '../balances/read-trial-balance';
import { readAccounts } from '../accounts/read-model/read-accounts';

const { decode, projections } = ledgerAndAccess;
const seed = seedOf('FC_SEED');
const ledgers = ['led_a', 'led_b', 'led_c'];

/** A projection of a newer version of the process. */
const newer = (projection: Projection<DecodedEvent>): Projection<DecodedEvent> => ({
  ...projection,
  version: projection.version + 1,
});

describe(`rebuilding read models beside themselves (seed ${seed})`, () => {
  let database: TestDatabase;
  let db: Database;
  let live: LiveDatabase;
  let store: PostgresEventStore;
  let rebuilds: Rebuilds;
  let projector: Projector<DecodedEvent> | undefined;
  let rebuilder: Rebuilder<DecodedEvent> | undefined;
  const journals = ledgers.map((ledgerId, index) => ({
    ledgerId,
    stream: `journal-${ledgerId}`,
    events: randomJournal({ ledgerId, seed: seed + index, commands: 250, startMs: Date.UTC(2026, 0, 1) })
      .recorded,
    appended: 0,
  }));

  async function append(journal: (typeof journals)[number], count: number): Promise<void> {
    const events = journal.events.slice(journal.appended, journal.appended + count);
    if (events.length === 0) return;
    const expected = journal.appended === 0 ? 'no_stream' : journal.events[journal.appended - 1]?.revision;
    await store.append(journal.stream, expected ?? 'no_stream', events);
    journal.appended += events.length;
  }
  const appendTo = (share: number): Promise<unknown> =>
    Promise.all(journals.map((journal) => append(journal, Math.ceil(journal.events.length * share))));

  function startProjector(of = projections): void {
    projector = new Projector({
      db,
      feed: directEventFeed(store),
      history: store,
      decode,
      linkOf: (event) => event,
      projections: of,
    });
    projector.start();
  }
  function startRebuilder(of = projections): void {
    rebuilder = new Rebuilder({
      db,
      store,
      decode,
      linkOf: (event) => event,
      projections: of,
      journalPrefix,
      unusedSeconds: 1,
    });
    rebuilder.start();
  }
  async function stopAll(): Promise<void> {
    await rebuilder?.stop();
    await projector?.stop();
    rebuilder = undefined;
    projector = undefined;
  }

  beforeEach(async () => {
    database = await testDatabase();
    db = connect({ connectionString: database.url, max: 20, statementTimeoutMs: 60_000 });
    live = liveTables(db, projections);
    store = new PostgresEventStore({ database: db });
    for (const journal of journals) journal.appended = 0;
    rebuilds = postgresRebuilds(db, projections, {
      outboxes: ['webhook_messages'],
      journalPrefix,
      ledgerNotFound,
    });
    await appendTo(0.5);
    startProjector();
    await caughtUp();
  });
  afterEach(async () => {
    await stopAll();
    await store.close();
    await db.close();
    await database.drop();
  });

  const names = projections
    .filter(({ streamPrefixes }) => streamPrefixes.includes(journalPrefix))
    .map(({ name }) => name);
  async function caughtUp(): Promise<void> {
    await sleep(600);
    const waiter = new PositionWaiter(live, names);
    for (const { stream, appended } of journals)
      expect(await waiter.waitFor(stream, appended - 1, 20_000)).toBe(true);
  }
  async function until(
    id: string,
    projection: string,
    ...states: readonly Rebuild['state'][]
  ): Promise<Rebuild> {
    for (const deadline = Date.now() + 40_000; Date.now() < deadline; await sleep(50)) {
      const rebuild = await rebuilds.get(projection, id);
      // What is swapped without being asked is ready for a moment.
      const isPassing = rebuild.state === 'ready' && rebuild.autoSwap && rebuild.problem === null;
      if (states.includes(rebuild.state) && !isPassing) return rebuild;
    }
    throw new Error(`not ${states.join()}: ${JSON.stringify(await rebuilds.get(projection, id))}`);
  }
  const sideOf = async (name: string): Promise<string> =>
    (await db.query<{ side: string }>('select side from read.projections where name = $1', [name])).rows[0]
      ?.side ?? '';
  const countOf = async (table: string): Promise<number> =>
    Number((await db.query<{ n: string }>(`select count(*) as n from ${table}`)).rows[0]?.n);
  const refusalOf = (work: Promise<unknown>): Promise<Partial<Refused['refusal']>> =>
    work.then(
      () => ({ code: 'done' }),
      (error: unknown) => (error instanceof Refused ? error.refusal : { code: String(error) }),
    );
  const codeOf = async (work: Promise<unknown>) => (await refusalOf(work)).code;

  it('fills, verifies, swaps, rolls back, and drops each read model, while there are writes and queries', async () => {
    startRebuilder();
    let isOver = false;
    const failures: unknown[] = [];
    const query = async (): Promise<void> => {
      while (!isOver) {
        for (const ledgerId of ledgers) {
          const balance = await readTrialBalance(live, ledgerScope(ledgerId), undefined, {
            limit: 100,
          }).catch((error: unknown) => void failures.push(error));
          const accounts = await readAccounts(live, ledgerScope(ledgerId), {}, { limit: 100 });
          if (accounts.result.data.length === 0 || balance === undefined)
            failures.push(`${ledgerId} is empty`);
        }
        await sleep(5);
      }
    };
    const querying = query();
    const writing = (async () => {
      for (const journal of journals) {
        while (journal.appended < journal.events.length) {
          await append(journal, 3);
          await sleep(15);
        }
      }
    })();
    for (const name of names) {
      const { id } = await rebuilds.start(name, { ledger: null, autoSwap: false }, 'a test');
      expect(await codeOf(rebuilds.start(name, { ledger: null, autoSwap: false }, 'a test'))).toBe(
        'rebuild_running',
      );
      expect(await codeOf(rebuilds.swap(name, id))).toBe('rebuild_not_ready');
      const ready = await until(id, name, 'ready', 'failed');
      expect(ready).toMatchObject({
        state: 'ready',
        problem: null,
        verification: { matches: true, differences: [] },
      });
      await rebuilds.swap(name, id);
      expect(await sideOf(name)).toBe('b');
    }
    await writing;
    await caughtUp();
    for (const name of names) {
      const [rebuild] = await rebuilds.list(name, { limit: 1 });
      await rebuilds.rollback(name, rebuild?.id ?? '');
      expect(await sideOf(name)).toBe('a');
      expect(await codeOf(rebuilds.rollback(name, rebuild?.id ?? ''))).toBe('rebuild_not_reversible');
    }
    await caughtUp();
    isOver = true;
    await querying;
    expect(failures).toEqual([]);
    for (let waited = 0; (await countOf('read_b.entries')) > 0 && waited < 200; waited += 1) await sleep(50);
    expect(await countOf('read_b.entries')).toBe(0);
  }, 180_000);

  const done = async (name: string, ledger: string | null, autoSwap = true): Promise<Rebuild> => {
    const { id } = await rebuilds.start(name, { ledger, autoSwap }, 'a test');
    return until(id, name, 'swapped', 'failed', 'ready');
  };

  it('makes the rows of one ledger again, and leaves the others as they are', async () => {
    startRebuilder();
    for (const name of names) {
      const rebuild = await done(name, 'led_b');
      expect(rebuild).toMatchObject({ state: 'swapped', verification: { matches: true } });
    }
    await appendTo(0.2);
    await caughtUp();
    for (const { ledgerId } of journals) {
      const { result } = await readTrialBalance(live, ledgerScope(ledgerId), undefined, { limit: 100 });
      expect(result).toMatchObject({ balanced: true });
    }
  }, 120_000);

  it('waits for no projector that ended before it took the side up', async () => {
    // It looked a moment after the side was filled, and never again.
    await db.query(
      `insert into read.projector_looks (projector, projection, looked_at)
       values (gen_random_uuid(), 'accounts', now() + interval '1 second')`,
    );
    startRebuilder();
    expect(await done('accounts', null)).toMatchObject({ state: 'swapped', verification: { matches: true } });
  }, 60_000);

  it('says what differs where a row was edited, swaps it only when it is told to, and mends it', async () => {
    startRebuilder();
    await db.query(
      `update read.accounts set posted_debits = posted_debits + 1 where address = (select min(address) from read.accounts)`,
    );
    const waiting = await done('accounts', null);
    expect(waiting).toMatchObject({ state: 'ready', verification: { matches: false } });
    expect(waiting.problem).toContain('rows of accounts differ');
    await sleep(1_500);
    expect((await rebuilds.get('accounts', waiting.id)).state).toBe('ready');
    await rebuilds.swap('accounts', waiting.id);
    expect(await done('accounts', null)).toMatchObject({ state: 'swapped', verification: { matches: true } });
  }, 120_000);

  it('refuses what can not be, and changes nothing', async () => {
    const asked = { ledger: null, autoSwap: false };
    expect(await codeOf(rebuilds.start('nothing', asked, 'a test'))).toBe('projection_not_found');
    expect(await codeOf(rebuilds.start('webhook_messages', asked, 'a test'))).toBe(
      'projection_not_rebuildable',
    );
    const param = '/ledger';
    const none = rebuilds.start('directory', { ...asked, ledger: 'led_a' }, 'a test');
    expect(await refusalOf(none)).toMatchObject({ code: 'projection_has_no_ledgers', param });
    const unknown = rebuilds.start('accounts', { ...asked, ledger: 'led_z' }, 'a test');
    expect(await refusalOf(unknown)).toMatchObject({ code: 'ledger_not_found', param });
    expect(await codeOf(rebuilds.get('accounts', 'rbd_none'))).toBe('rebuild_not_found');
    const { id } = await rebuilds.start('accounts', asked, 'a test');
    // Of two at once one begins.
    const both = await Promise.all([1, 2].map(() => codeOf(rebuilds.start('sums', asked, 'a test'))));
    expect(both.sort()).toEqual(['done', 'rebuild_running']);
    expect((await rebuilds.cancel('accounts', id)).state).toBe('cancelled');
    expect(await codeOf(rebuilds.cancel('accounts', id))).toBe('rebuild_not_running');
    expect(await codeOf(rebuilds.swap('accounts', id))).toBe('rebuild_not_ready');
    startRebuilder();
    const swapped = await done('accounts', null);
    expect((await rebuilds.drop('accounts', swapped.id)).state).toBe('dropped');
    expect(await codeOf(rebuilds.rollback('accounts', swapped.id))).toBe('rebuild_not_reversible');
    expect(await sideOf('accounts')).toBe('b');
  }, 120_000);

  it('leaves rows of a version that it can not carry on as they are, until those of its own are there', async () => {
    await stopAll();
    const raised = projections.map((projection) =>
      projection.name === 'entries' ? { ...newer(projection), carriesOnFrom: 2 } : projection,
    );
    const before = await countOf('read.entries');
    startProjector(raised);
    await appendTo(0.2);
    const others = new PositionWaiter(
      live,
      names.filter((name) => name !== 'entries'),
    );
    for (const { stream, appended } of journals)
      expect(await others.waitFor(stream, appended - 1, 20_000)).toBe(true);
    expect(await countOf('read.entries')).toBe(before);
    startRebuilder(raised);
    await caughtUp();
    expect(await sideOf('entries')).toBe('b');
  }, 120_000);

  it('carries the tables of the version before on until those of a new version are there', async () => {
    await stopAll();
    const raised = projections.map((projection) =>
      projection.name === 'entries' ? newer(projection) : projection,
    );
    startProjector(raised);
    // Nobody has made its rows yet: those of before are carried on, and answer.
    await appendTo(0.2);
    await caughtUp();
    expect(await sideOf('entries')).toBe('a');
    const before = await countOf('read.entries');
    for (const { ledgerId } of journals)
      expect(
        (await readTrialBalance(live, ledgerScope(ledgerId), undefined, { limit: 100 })).result,
      ).toMatchObject({
        balanced: true,
      });
    startRebuilder(raised);
    let [rebuild] = await rebuilds.list('entries', { limit: 1 });
    for (let waited = 0; rebuild?.state !== 'swapped' && waited < 400; waited += 1) {
      if ((await sideOf('entries')) === 'a') expect(await countOf('read.entries')).toBe(before);
      await sleep(50);
      [rebuild] = await rebuilds.list('entries', { limit: 1 });
    }
    expect(rebuild).toMatchObject({
      state: 'swapped',
      version: 2,
      oldVersion: 1,
      verification: { matches: null },
    });
    expect(await sideOf('entries')).toBe('b');
    await appendTo(0.1);
    await caughtUp();
    // The process of now can't keep those of before.
    const ofNow = postgresRebuilds(db, raised, { outboxes: [], journalPrefix, ledgerNotFound });
    expect(await codeOf(ofNow.rollback('entries', rebuild?.id ?? ''))).toBe('rebuild_not_reversible');
  }, 120_000);
});
