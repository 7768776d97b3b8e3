import { journalPrefix } from '@fintech-ledger/envelope';
import { directEventFeed } from '@fintech-ledger/event-feed';
import { PostgresEventStore } from '@fintech-ledger/event-store';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import {
  fillParts,
  PartFiller,
  PositionWaiter,
  postgresRebuilds,
  Projector,
  Rebuilder,
  RebuildEnded,
  sided,
} from '@fintech-ledger/projection-runtime';
import type {
  DecodedEvent,
  Filler,
  FillPartsEnd,
  Rebuild,
  Rebuilds,
} from '@fintech-ledger/projection-runtime';
import { randomJournal, tamper, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { seedOf } from '../../../testing/seed';
import { ledgerAndAccess } from '../../../testing/modules';
import { ledgerNotFound } from '../ledgers/ledger-parameter';

const { decode, decodeParts, projections } = ledgerAndAccess;
const seed = seedOf('FC_SEED');
const ledgers = ['led_a', 'led_b', 'led_c'];
const names = projections
  .filter(({ streamPrefixes }) => streamPrefixes.includes(journalPrefix))
  .map(({ name }) => name);
function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it is not there');
  return value;
}
const linkOf = (event: DecodedEvent): DecodedEvent => event;

describe(`filling read models in parts (seed ${seed})`, () => {
  let database: TestDatabase;
  let db: Database;
  let store: PostgresEventStore;
  let rebuilds: Rebuilds;
  let projector: Projector<DecodedEvent> | undefined;
  let running: Rebuilder<DecodedEvent> | undefined;

  beforeEach(async () => {
    database = await testDatabase();
    db = connect({ connectionString: database.url, max: 20, statementTimeoutMs: 60_000 });
    store = new PostgresEventStore({ database: db });
    rebuilds = postgresRebuilds(db, projections, { outboxes: [], journalPrefix, ledgerNotFound });
    const journals = ledgers.map((ledgerId, index) =>
      randomJournal({ ledgerId, seed: seed + index, commands: 150, startMs: Date.UTC(2026, 0, 1) }),
    );
    // In turns, so that every part has events of several streams.
    for (let at = 0; journals.some(({ recorded }) => recorded.length > at); at += 7)
      for (const [index, { recorded }] of journals.entries()) {
        const events = recorded.slice(at, at + 7);
        if (events.length === 0) continue;
        const before = at === 0 ? 'no_stream' : must(recorded[at - 1]).revision;
        await store.append(`journal-${ledgers[index]}`, before, events);
      }
    projector = new Projector({
      db,
      feed: directEventFeed(store),
      history: store,
      decode,
      linkOf,
      projections,
    });
    projector.start();
    const waiter = new PositionWaiter(db, names);
    for (const [index, { recorded }] of journals.entries())
      expect(await waiter.waitFor(`journal-${ledgers[index]}`, recorded.length - 1, 20_000)).toBe(true);
  });
  afterEach(async () => {
    await running?.stop();
    await projector?.stop();
    await store.close();
    await db.close();
    await database.drop();
  });

  const begin = (name: string): Promise<Rebuild> =>
    rebuilds.start(name, { ledger: null, autoSwap: false }, 'a test');

  function fillerOf(rebuild: Rebuild): Filler {
    const found = must(projections.find((each) => each.name === rebuild.projection));
    const projection = sided(found, rebuild.side, projections, new Map());
    const filler = new PartFiller({
      ...{ db, store, linkOf, projection },
      decode: found.readsParts === true ? decodeParts : decode,
      rebuildId: rebuild.id,
    });
    return {
      read: (stretch) => filler.read(stretch),
      write: () => filler.write(),
      close: () => Promise.resolve(),
    };
  }

  async function fill(
    rebuild: Rebuild,
    told: { isEnded?: () => boolean; isBesideWrites?: () => boolean } = {},
  ): Promise<FillPartsEnd> {
    const found = must(projections.find((each) => each.name === rebuild.projection));
    return fillParts({
      db,
      store,
      rebuild: await rebuilds.get(rebuild.projection, rebuild.id),
      projection: sided(found, rebuild.side, projections, new Map()),
      pace: {
        isBesideWrites: () => Promise.resolve(told.isBesideWrites?.() ?? false),
        wrote: () => Promise.resolve(),
      },
      isEnded: told.isEnded ?? (() => false),
      open: () => [fillerOf(rebuild), fillerOf(rebuild), fillerOf(rebuild)],
      partEvents: { least: 5, most: 40 },
    });
  }

  async function ready({ id, projection }: Rebuild): Promise<Rebuild> {
    for (let waited = 0; waited < 400; waited += 1) {
      const now = await rebuilds.get(projection, id);
      if (now.state === 'ready') return now;
      await sleep(50);
    }
    throw new Error(JSON.stringify(await rebuilds.get(projection, id)));
  }

  function startRebuilder(): void {
    running = new Rebuilder({ db, store, decode, linkOf, projections, journalPrefix, unusedSeconds: 1 });
    running.start();
  }

  it('comes to the rows of the live tables, also when it is left again and again', async () => {
    for (const name of names) {
      const rebuild = await begin(name);
      let asked = 0;
      const ends: FillPartsEnd[] = [];
      // Somebody writes at every fifth look.
      const isBesideWrites = (): boolean => (asked += 1) % 5 === 0;
      while (ends.at(-1) !== 'done') ends.push(await fill(rebuild, { isBesideWrites }));
      expect(ends.length).toBeGreaterThan(1);
      expect(new Set(ends)).toEqual(new Set(['beside_writes', 'done']));
    }
    startRebuilder();
    for (const name of names) {
      const [rebuild] = await rebuilds.list(name, { limit: 1 });
      expect(await ready(must(rebuild))).toMatchObject({ problem: null, verification: { matches: true } });
    }
  }, 60_000);

  it('leaves an event that was changed to who halts its stream alone, and writes nothing of its part', async () => {
    const edited = await tamper(
      db,
      `update store.events set data = replace(data, '"version":', '"version": ') where revision = 60
          and stream_id = (select id from store.streams where name = 'journal-led_b')`,
    );
    expect(edited).toBe(1);
    const rebuild = await begin('accounts');
    const end = await fill(rebuild);
    expect(end).toEqual({ irregular: expect.stringContaining("journal-led_b can't go on at 60") as string });
    const { rows } = await db.query<{ revision: string }>(
      `select revision from read.checkpoints where projection = 'accounts:b' and stream = 'journal-led_b'`,
    );
    expect(Number(rows[0]?.revision ?? -1)).toBeLessThan(60);
    startRebuilder();
    const halted = async (): Promise<readonly object[]> =>
      (
        await db.query<{ stream: string; revision: string }>(
          `select stream, revision from read.halted_streams where projection = 'accounts:b'`,
        )
      ).rows;
    for (let waited = 0; (await halted()).length === 0 && waited < 400; waited += 1) await sleep(50);
    expect(await halted()).toEqual([{ stream: 'journal-led_b', revision: '60' }]);
  }, 60_000);

  it('is ended by a cancellation, and when it is told to', async () => {
    const rebuild = await begin('entries');
    expect(await fill(rebuild, { isEnded: () => true })).toBe('ended');
    await rebuilds.cancel('entries', rebuild.id);
    await expect(fill(rebuild)).rejects.toThrow(RebuildEnded);
  });
});
