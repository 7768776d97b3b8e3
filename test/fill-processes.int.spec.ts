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
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { modules } from '../apps/modules';
import { buildStandalone } from './support/standalone-process';

jest.setTimeout(120_000);

const { decode, projections } = modules;
const names = ['accounts', 'transactions', 'entries'];
const linkOf = <E>(event: E): E => event;

describe('processes that fill read models', () => {
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

  const fill = (rebuild: Rebuild, from: string, isOpen?: () => void) =>
    fillParts({
      ...{ db, store, rebuild },
      projection: { name: `${rebuild.projection}:b` },
      pace: { isBesideWrites: () => Promise.resolve(false), wrote: () => Promise.resolve() },
      isEnded: () => false,
      open: () => {
        const fillers = openFillers(from, { databaseUrl: testing.url, statementMs: 60_000 })({
          rebuildId: rebuild.id,
          ...{ projection: rebuild.projection, side: rebuild.side, sides: new Map() },
        });
        isOpen?.();
        return fillers;
      },
      partEvents: { least: 20, most: 60 },
    });
  const begin = (name: string) => rebuilds.start(name, { ledger: null, autoSwap: false }, 'a test');
  const file = path.resolve(__dirname, '../dist/apps/fill-process.js');

  it('come to the rows of the live tables', async () => {
    const begun = await Promise.all(names.map(begin));
    for (const rebuild of begun) expect(await fill(rebuild, file)).toBe('done');
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
    expect(await fill(rebuild, `${file}.none`)).toMatchObject({
      irregular: 'the process that fills ended with code 1',
    });
    expect((await rebuilds.get('sums', rebuild.id)).position).toBeNull();
  });
  it('that are killed leave all to one thread', async () => {
    const rebuild = await begin('events');
    const kill = (): void => {
      for (const pid of childrenOf(process.pid)) process.kill(pid, 'SIGKILL');
    };
    expect(await fill(rebuild, file, kill)).toEqual({
      irregular: 'the process that fills ended with SIGKILL',
    });
    expect((await rebuilds.get('events', rebuild.id)).position).toBeNull();
  });

  it('end with their parent, however it ends', async () => {
    const runtime = path.resolve(__dirname, '../dist/libs/platform/runtime/index.js');
    const code = `const task = { rebuildId: 'r', projection: 'accounts', side: 'b', sides: new Map() };
      require(${JSON.stringify(runtime)}).openFillers(${JSON.stringify(file)}, { databaseUrl: 'postgres://localhost:1/x', statementMs: 1 })(task);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['-e', code], { stdio: 'inherit' });
    let children: readonly number[] = [];
    await until(() => (children = childrenOf(parent.pid ?? 0)).length > 0);
    parent.kill('SIGKILL');
    await until(() => children.every((pid) => !existsSync(`/proc/${String(pid)}`)));
  });
});

/** Processes that `openFillers` started there. */
function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
        const isFiller = readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').includes('fill-process');
        return isFiller && Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        return false;
      }
    });
}

async function until(isSo: () => boolean): Promise<void> {
  for (let n = 0; n < 1_200 && !isSo(); n += 1) await delay(50);
  expect(isSo()).toBe(true);
}
