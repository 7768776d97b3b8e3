import { journalPrefix } from '@fintech-ledger/envelope';
import { directEventFeed } from '@fintech-ledger/event-feed';
import { PostgresEventStore } from '@fintech-ledger/event-store';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { liveTables, postgresRebuilds, Projector, Rebuilder } from '@fintech-ledger/projection-runtime';
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
import { ledgerNotFound } from '../ledgers/ledger-parameter';

jest.setTimeout(90_000);

const { decode, projections } = ledgerAndAccess;
const seed = seedOf('FC_SEED');

describe(`a rebuild for a raised version (seed ${seed})`, () => {
  let database: TestDatabase;
  let db: Database;
  let live: LiveDatabase;
  let store: PostgresEventStore;
  let rebuilds: Rebuilds;
  let projector: Projector<DecodedEvent> | undefined;
  let rebuilder: Rebuilder<DecodedEvent> | undefined;
  /** The ledgers whose entries a version can't write, from the sixth event on, by version. */
  const failing = new Map<number, string>();

  /** The product's read models, of which `entries` is of this version. */
  const ofVersion = (version: number): readonly Projection<DecodedEvent>[] =>
    projections.map((projection) => {
      if (projection.name !== 'entries') return projection;
      const { begin: _parts, ...whole } = projection;
      return {
        ...whole,
        version,
        fold(events) {
          const write = projection.fold(events);
          const isBad = events.some(
            ({ prefix, owner, revision }) =>
              prefix === journalPrefix && owner === failing.get(version) && revision >= 5,
          );
          return (sql) => (isBad ? Promise.reject(new Error('entries can not be written')) : write(sql));
        },
      };
    });

  /** What the rebuilder has asked: how often what is to be done, and of it to compare or to mend the sides. */
  const asked = { polls: 0, looks: 0 };
  const counted = (of: Database): Database =>
    Object.create(of, {
      query: {
        value: (...given: Parameters<Database['query']>) => {
          if (given[0].includes('from read.rebuilds r')) asked.polls += 1;
          if (given[0].includes('insert into read.halted_streams')) asked.looks += 1;
          return of.query(...given);
        },
      },
    }) as Database;

  function run(version: number): void {
    const common = {
      db,
      store,
      decode,
      linkOf: (event: DecodedEvent) => event,
      projections: ofVersion(version),
    };
    projector = new Projector({ ...common, feed: directEventFeed(store), history: store });
    rebuilder = new Rebuilder({
      ...common,
      db: counted(db),
      journalPrefix,
      unusedSeconds: 1,
      settleMs: 2_500,
    });
    projector.start();
    rebuilder.start();
    rebuilds = postgresRebuilds(db, common.projections, { outboxes: [], journalPrefix, ledgerNotFound });
  }
  async function stop(): Promise<void> {
    await rebuilder?.stop();
    await projector?.stop();
    rebuilder = undefined;
    projector = undefined;
  }

  const ends = new Map<string, number>();
  async function append(ledgerId: string): Promise<void> {
    const startMs = Date.UTC(2026, 0, 1);
    const { recorded } = randomJournal({ ledgerId, seed: seed + ends.size, commands: 60, startMs });
    await store.append(`${journalPrefix}${ledgerId}`, 'no_stream', recorded);
    ends.set(ledgerId, recorded.length - 1);
  }

  beforeEach(async () => {
    database = await testDatabase();
    db = connect({ connectionString: database.url, max: 20, statementTimeoutMs: 60_000 });
    live = liveTables(db, projections);
    store = new PostgresEventStore({ database: db });
    failing.clear();
    ends.clear();
    await append('led_a');
    await append('led_b');
    run(1);
  });
  afterEach(async () => {
    await stop();
    await store.close();
    await db.close();
    await database.drop();
  });

  async function until(what: () => Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + 40_000; !(await what()); await sleep(50))
      if (Date.now() > deadline)
        throw new Error(`it took too long: ${JSON.stringify(await rebuilds.list('entries', { limit: 1 }))}`);
  }
  const reachedOn = async (name: string, ledgerId: string): Promise<number> => {
    const { rows } = await db.query<{ revision: string }>(
      `select revision from read.checkpoints where projection = $1 and stream = $2`,
      [name, `${journalPrefix}${ledgerId}`],
    );
    return Number(rows[0]?.revision ?? -1);
  };
  const isWhole = async (ledgerId: string): Promise<boolean> => {
    await live.query('select 1');
    return (await reachedOn(live.nameOf('entries'), ledgerId)) === ends.get(ledgerId);
  };
  const isHalted = async (name: string): Promise<boolean> => {
    const { rows } = await db.query(
      `select from read.halted_streams where projection = $1 and attempts > 0`,
      [name],
    );
    return rows.length > 0;
  };
  const newest = async (): Promise<Rebuild> => {
    const [rebuild] = await rebuilds.list('entries', { limit: 1 });
    if (rebuild === undefined) throw new Error('there is no rebuild');
    return rebuild;
  };
  const isIn = (state: Rebuild['state']) => async (): Promise<boolean> =>
    (await rebuilds.list('entries', { limit: 1 }))[0]?.state === state;
  const isOnB = async (): Promise<boolean> => {
    await live.query('select 1');
    return live.nameOf('entries') === 'entries:b';
  };

  it('waits for an operator while a ledger that can be read is halted in the new tables', async () => {
    await until(() => isWhole('led_b'));
    await stop();
    failing.set(2, 'led_b');
    run(2);
    await until(isIn('ready'));
    await until(async () => (await newest()).problem !== null);
    const { problem, verification } = await newest();
    expect(problem).toMatch(
      /^The new tables lack what the live ones have \(journal-led_b stands at 4 and not at \d+, and is halted/,
    );
    expect(problem).toContain('entries can not be written');
    expect(verification).toMatchObject({
      matches: null,
      differences: [expect.stringContaining('journal-led_b')],
    });
    await sleep(1_500);
    expect(await isIn('ready')()).toBe(true);
    expect(live.nameOf('entries')).toBe('entries');
    expect(await isWhole('led_b')).toBe(true);
    failing.clear();
    // Nothing is lacking any more, and the operator need not say so.
    await until(isOnB);
    expect((await newest()).problem).toBeNull();
    expect(await isWhole('led_b')).toBe(true);
  });

  it('is looked at ever more seldom while it waits, and at once when that is over', async () => {
    const polls = 16;
    const looksAtRest = async (): Promise<number> => {
      const before = { ...asked };
      await until(() => Promise.resolve(asked.polls >= before.polls + polls));
      return asked.looks - before.looks;
    };
    await until(() => isWhole('led_b'));
    await stop();
    failing.set(2, 'led_b');
    run(2);
    await until(async () => (await isIn('ready')()) && (await newest()).problem !== null);
    expect(await looksAtRest()).toBeLessThan(polls / 2);
    failing.clear();
    await until(async () => !(await isHalted('entries:b')));
    const mended = asked.polls;
    await until(isIn('swapped'));
    expect(asked.polls - mended).toBeLessThan(polls / 2);
    expect(await looksAtRest()).toBeLessThan(polls / 2);
  });

  it('is swapped where it mends a ledger that is halted in the live tables', async () => {
    await stop();
    await append('led_c');
    failing.set(1, 'led_c');
    run(1);
    await until(() => isHalted('entries'));
    await stop();
    run(2);
    await until(isIn('swapped'));
    expect(await reachedOn('entries:b', 'led_c')).toBe(ends.get('led_c'));
    expect(await isHalted('entries:b')).toBe(false);
  });

  it('is swapped where a ledger is halted in both, at the same event', async () => {
    await stop();
    await append('led_c');
    failing.set(1, 'led_c');
    failing.set(2, 'led_c');
    run(1);
    await until(() => isHalted('entries'));
    await stop();
    run(2);
    await until(isIn('swapped'));
    expect(await isHalted('entries:b')).toBe(true);
    expect(await reachedOn('entries:b', 'led_c')).toBe(4);
  });

  it('is not of one ledger alone while the tables that are read are of another version', async () => {
    await until(() => isWhole('led_b'));
    await stop();
    // So that it waits.
    failing.set(2, 'led_b');
    run(2);
    await until(isIn('ready'));
    await rebuilds.cancel('entries', (await newest()).id);
    const detail = 'The tables of entries are of version 1, and version 2 is made: rebuild all of it.';
    await expect(
      rebuilds.start('entries', { ledger: 'led_a', autoSwap: true }, 'a test'),
    ).rejects.toMatchObject({ refusal: { code: 'projection_not_rebuildable', detail } });
    expect(await isIn('cancelled')()).toBe(true);
    expect(await rebuilds.start('entries', { ledger: null, autoSwap: false }, 'a test')).toMatchObject({
      state: 'filling',
      version: 2,
    });
  });

  it('says what the new tables came to lack while it waited for an operator', async () => {
    await until(() => isWhole('led_a'));
    const { id } = await rebuilds.start('entries', { ledger: null, autoSwap: false }, 'a test');
    await until(isIn('ready'));
    expect((await rebuilds.get('entries', id)).problem).toBeNull();
    await db.query(
      `insert into read.halted_streams (projection, stream, revision, reason, attempts, retry_at)
       values ('entries:b', $1, 3, 'it can not be written', 2, 'infinity')`,
      [`${journalPrefix}led_a`],
    );
    await until(async () => (await rebuilds.get('entries', id)).problem !== null);
    expect(await rebuilds.get('entries', id)).toMatchObject({
      state: 'ready',
      problem:
        'The new tables lack what the live ones have (journal-led_a is halted: it can not be written): ' +
        'swap or cancel it.',
    });
    await db.query(`delete from read.halted_streams where projection = 'entries:b'`);
    await until(async () => (await rebuilds.get('entries', id)).problem === null);
    expect(await rebuilds.get('entries', id)).toMatchObject({ state: 'ready' });
  });

  it('has what the old tables got before the new ones were taken up read again after the swap', async () => {
    await until(() => isWhole('led_b'));
    await stop();
    run(2);
    await until(isIn('swapped'));
    await stop();
    await append('led_d');
    await db.query(
      `insert into read.checkpoint_rows (projection, stream, revision, previous) values ('entries', $1, $2, -1)`,
      [`${journalPrefix}led_d`, ends.get('led_d')],
    );
    await db.query(`update read.projections set feed_token = $1`, [String(await store.lastPosition())]);
    run(2);
    await until(async () => (await reachedOn('entries:b', 'led_d')) === ends.get('led_d'));
  });
});
