#!/usr/bin/env node
// How fast read models are rebuilt from the event store, and what that costs those who read what was just written.
// On an embedded Postgres with durable commits.
import { createRequire } from 'node:module';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { generatedEvents } from './generated-events.mjs';

const { values: options } = parseArgs({
  allowNegative: true,
  options: {
    transactions: { type: 'string', default: '300000' },
    accounts: { type: 'string', default: '10000' },
    projections: { type: 'string', default: 'accounts,transactions,entries' },
    live: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'boolean', default: true },
    store: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stderr.write(`Usage: npm run build && node scripts/bench/rebuild.mjs [options]
  --transactions N   transactions of 2 entries that there are (default 300000)
  --accounts N       accounts, drawn uniformly (default 10000)
  --projections A,B  what is rebuilt, one after the other (default accounts,transactions,entries)
  --no-threads       fill in the thread of the projector alone
  --store FOLDER     keeps the store there: a second run with the same options rebuilds it without making it again
  --live N           appends a second meanwhile; says after how long they are readable (default 0)\n`);
  process.exit(0);
}
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const require = createRequire(import.meta.url);
const lib = (name) => require(path.join(root, 'dist/libs', name, 'index.js'));
const { connect, migrate } = lib('platform/postgres');
const { startEmbeddedPostgres } = lib('platform/embedded-postgres');
const { directEventFeed } = lib('engine/event-feed');
const { PostgresEventStore } = lib('engine/event-store');
const { Projector, PositionWaiter, postgresRebuilds, Rebuilder } = lib('engine/projection-runtime');
const { openFillers } = lib('platform/runtime');
const { modules } = require(path.join(root, 'dist/apps/modules.js'));
const { decode, projections } = modules;

const print = (line) => process.stdout.write(`${line}\n`);
const kept = options.store === undefined ? undefined : path.resolve(options.store);
if (kept !== undefined && options.live !== '0')
  throw new Error('--live continues a store of its own: leave --store out');
const folder = kept ?? (await mkdtemp(path.join(os.tmpdir(), 'bench-rebuild-')));
await mkdir(folder, { recursive: true });
/** What a kept store holds; written when it is whole. */
const contentsFile = path.join(folder, 'bench-store.json');
const contents = JSON.stringify({
  accounts: options.accounts,
  seed: options.seed,
  transactions: options.transactions,
});
const held = await readFile(contentsFile, 'utf8').catch(() => undefined);
if (held !== undefined && held !== contents) throw new Error(`${folder} has another store: ${held}`);
const server = await startEmbeddedPostgres({ directory: folder });
const open = (max) => connect({ connectionString: server.url, max, statementTimeoutMs: 3_600_000 });
const db = open(12);
const ledgerId = 'led_bench';
const stream = `journal-${ledgerId}`;
const linkOf = (event) => event;
const store = new PostgresEventStore({ database: db });
const names = projections
  .filter(({ streamPrefixes }) => streamPrefixes.includes('journal-'))
  .map(({ name }) => name);
const waiter = new PositionWaiter(db, names);
const unused = 'select from read.rebuilds where projection = $1 and unused_since is not null';
let revision = -1;

try {
  await migrate(db, path.join(root, 'schemas/sql'));
  const generator = generatedEvents({
    lib,
    ledgerId,
    accounts: Number(options.accounts),
    seed: Number(options.seed),
    plain: false,
  });
  if (held === undefined) await fill(generator);
  const projector = new Projector({
    db,
    feed: directEventFeed(store),
    history: store,
    decode,
    linkOf,
    projections,
  });
  projector.start();
  if (held === undefined) {
    while (!(await waiter.waitFor(stream, revision, 60_000)));
    await db.query('vacuum (analyze)');
    if (kept !== undefined) await writeFile(contentsFile, contents);
  }
  const rebuilder = new Rebuilder({
    db: open(3),
    store,
    decode,
    linkOf,
    projections,
    journalPrefix: 'journal-',
    ...(options.threads && {
      openFillers: openFillers(path.join(root, 'dist/apps/fill-thread.js'), {
        databaseUrl: server.url,
        statementMs: 3_600_000,
      }),
    }),
    observer: {
      moved: (rebuild, what) => what.startsWith('one thread') && print(`${rebuild.projection}: ${what}`),
      failed: (error) => print(String(error)),
    },
  });
  rebuilder.start();
  const rebuilds = postgresRebuilds(db, projections, {
    outboxes: [],
    journalPrefix: 'journal-',
    ledgerNotFound: { code: '' },
  });
  const rate = Number(options.live);
  const load = rate > 0 ? writing(generator, rate) : undefined;
  if (load) {
    await sleep(15_000);
    print(`before             readable after ${load.take()}`);
  }
  for (const name of options.projections.split(',')) {
    // What was dropped just before is emptied first.
    while ((await db.query(unused, [name])).rows.length > 0) await sleep(200);
    const started = performance.now();
    const processorBefore = await processorSeconds();
    let processor = { own: 0, postgres: 0 };
    let { id, state } = await rebuilds.start(name, { ledger: null, autoSwap: false }, 'bench');
    let filledMs = 0;
    let done;
    while (state !== 'ready') {
      await sleep(50);
      ({ state, done } = await rebuilds.get(name, id));
      if (state !== 'filling' && filledMs === 0) {
        filledMs = performance.now() - started;
        // The connections of the threads have ended by now.
        processor = difference(await processorSeconds(), processorBefore);
      }
      if (state === 'failed') throw new Error(JSON.stringify(await rebuilds.get(name, id)));
    }
    const { verification, eventsPerSecond } = await rebuilds.get(name, id);
    const seconds = (performance.now() - started) / 1_000;
    print(
      `${name.padEnd(18)} ${done} events filled in ${(filledMs / 1_000).toFixed(1)} s ` +
        `(${Math.round(done / (filledMs / 1_000))}/s; it says ${Math.round(eventsPerSecond)}/s), ` +
        `${micros(processor.own, done)} µs of our processor time an event, ` +
        `${micros(processor.postgres, done)} of Postgres; ` +
        `verified after ${seconds.toFixed(1)} s, matches: ${verification.matches}` +
        (load ? `; readable after ${load.take()}` : ''),
    );
    await rebuilds.swap(name, id);
    await rebuilds.drop(name, id);
  }
  await load?.end();
  await rebuilder.stop();
  await projector.stop();
} finally {
  await db.close();
  await server.stop();
  if (kept === undefined) await rm(folder, { recursive: true, force: true });
}
process.exit(0);

/** Of this process with its threads, and of all processes of the database. */
async function processorSeconds() {
  const { user, system } = process.cpuUsage();
  const folders = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  let ticks = 0;
  for (const name of folders) {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    if (!stat.includes('(postgres)')) continue;
    const cwd = await readlink(`/proc/${name}/cwd`).catch(() => '');
    if (!cwd.startsWith(folder)) continue;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Its own, and of those of its processes that have ended.
    for (const field of fields.slice(11, 15)) ticks += Number(field);
  }
  return { own: (user + system) / 1e6, postgres: ticks / 100 };
}

function difference(after, before) {
  return { own: after.own - before.own, postgres: after.postgres - before.postgres };
}

function micros(seconds, events) {
  return ((seconds / events) * 1e6).toFixed(1);
}

async function fill(generator) {
  for (let left = Number(options.transactions); left > 0; left -= 20_000) {
    const events = generator.take(Math.min(20_000, left), true);
    for (let at = 0; at < events.length; at += 500) await append(events.slice(at, at + 500));
  }
}

async function append(events) {
  await store.append(stream, revision === -1 ? 'no_stream' : revision, events);
  revision += events.length;
}

/** Appends one event at a time, and measures until it can be read. */
function writing(generator, rate) {
  let isOver = false;
  let delays = [];
  const run = async () => {
    let due = performance.now();
    while (!isOver) {
      due += 1_000 / rate;
      await append(generator.take(1, true));
      const at = performance.now();
      void waiter.waitFor(stream, revision, 30_000).then(() => delays.push(performance.now() - at));
      await sleep(Math.max(0, due - performance.now()));
    }
  };
  const running = run();
  return {
    take() {
      const sorted = delays.sort((a, b) => a - b);
      delays = [];
      const at = (share) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
      return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms (${sorted.length})`;
    },
    async end() {
      isOver = true;
      await running;
    },
  };
}
