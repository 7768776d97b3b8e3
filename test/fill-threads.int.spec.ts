import { PostgresEventStore } from '@fintech-ledger/event-store';
import { directEventFeed } from '@fintech-ledger/event-feed';
import { journalPrefix } from '@fintech-ledger/envelope';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import {
  fillParts,
  PositionWaiter,
  postgresRebuilds,
  Projector,
  Rebuilder,
} from '@fintech-ledger/projection-runtime';
import type { Rebuild, Rebuilds } from '@fintech-ledger/projection-runtime';
import { openFillers } from '@fintech-ledger/runtime';
import { ledgerParameter } from '@fintech-ledger/ledger';
import { randomJournal, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { modules } from '../apps/modules';
import { buildStandalone } from './support/standalone-process';

jest.setTimeout(120_000);

const { decode, projections } = modules;
const names = ['accounts', 'transactions', 'entries'];
const linkOf = <E>(event: E): E => event;

describe('threads that fill read models', () => {
  let testing: TestDatabase;
  let db: Database;
  let store: PostgresEventStore;
  let rebuilds: Rebuilds;
  let projector: Projector<ReturnType<typeof decode>>;

  beforeAll(async () => {
    buildStandalone();
    testing = await testDatabase();
    db = connect({ connectionString: testing.url, max: 10, statementTimeoutMs: 60_000 });
    store = new PostgresEventStore({ database: db });
    const { recorded } = randomJournal({
      ledgerId: 'led_1',
      seed: 7,
      commands: 400,
      startMs: Date.UTC(2026, 0, 1),
    });
    await store.append('journal-led_1', 'no_stream', recorded);
    projector = new Projector({
      db,
      feed: directEventFeed(store),
      history: store,
      decode,
      linkOf,
      projections,
    });
    projector.start();
    expect(await new PositionWaiter(db, names).waitFor('journal-led_1', recorded.length - 1, 20_000)).toBe(
      true,
    );
    rebuilds = postgresRebuilds(db, projections, {
      outboxes: [],
      journalPrefix,
      ledgerNotFound: ledgerParameter.refusal,
    });
  });
  afterAll(async () => {
    await projector?.stop();
    await store?.close();
    await db?.close();
    await testing?.drop();
  });

  const fill = (rebuild: Rebuild, file: string) =>
    fillParts({
      ...{ db, store, rebuild },
      projection: { name: `${rebuild.projection}:b` },
      pace: { isBesideWrites: () => Promise.resolve(false), wrote: () => Promise.resolve() },
      isEnded: () => false,
      open: () =>
        openFillers(file, { databaseUrl: testing.url, statementMs: 60_000 })({
          rebuildId: rebuild.id,
          ...{ projection: rebuild.projection, side: rebuild.side, sides: new Map() },
        }),
      partEvents: { least: 20, most: 60 },
    });
  const begin = (name: string) => rebuilds.start(name, { ledger: null, autoSwap: false }, 'a test');
  const thread = path.resolve(__dirname, '../dist/apps/fill-thread.js');

  it('come to the rows of the live tables', async () => {
    const begun = await Promise.all(names.map(begin));
    for (const rebuild of begun) expect(await fill(rebuild, thread)).toBe('done');
    const rebuilder = new Rebuilder({ db, store, decode, linkOf, projections, journalPrefix });
    rebuilder.start();
    for (const { projection, id } of begun) {
      let now = await rebuilds.get(projection, id);
      for (let n = 0; n < 800 && now.state !== 'ready'; n += 1) {
        await delay(50);
        now = await rebuilds.get(projection, id);
      }
      expect(now).toMatchObject({ state: 'ready', problem: null, verification: { matches: true } });
    }
    await rebuilder.stop();
  });

  it('that end, or can not be started, leave all to one thread', async () => {
    const rebuild = await begin('sums');
    expect(await fill(rebuild, `${thread}.none`)).toMatchObject({
      irregular: expect.stringContaining('Cannot find module') as string,
    });
    expect((await rebuilds.get('sums', rebuild.id)).position).toBeNull();
  });
});
