#!/usr/bin/env node
// How fast the projector writes read models, and how fast queries read them; a seeded run on an embedded Postgres with durable commits.
import { createRequire } from 'node:module';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { generatedEvents } from './generated-events.mjs';
import { measureQueries } from './read-model-queries.mjs';

const { values: options } = parseArgs({
  options: {
    transactions: { type: 'string', default: '200000' },
    entries: { type: 'string', default: '0' },
    accounts: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    batch: { type: 'string', default: '4000' },
    plain: { type: 'boolean', default: false },
    queries: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stderr.write(`Usage: npm run build && node scripts/bench/projections.mjs [options]
  --transactions N  transactions of 2 entries in the timed run (default 200000)
  --entries N       fills up to N entries afterwards (default 0: no filling)
  --accounts N      accounts, drawn uniformly (default 10000)
  --batch N         events of one transaction of the projector (default 4000)
  --plain           no references, no metadata, nothing back-dated (default: 1 in 2, 1 in 4, 1 in 20)
  --queries         then queries at 200 requests/s: balance, transaction, pages of 100 at the first and the last depth
DATABASE_URL names a migrated, empty database to use instead of an embedded one.\n`);
  process.exit(0);
}
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const lib = (name) => createRequire(import.meta.url)(path.join(root, 'dist/libs', name, 'src/index.js'));
const { connect, migrate } = lib('postgres');
const { startEmbeddedPostgres } = lib('embedded-postgres');
const { directEventFeed } = lib('event-feed');
const { Projector, PositionWaiter } = lib('projection-runtime');
const { decodeEvent, projections, ledgerProjections, postgresLedgerQueries } = lib('projections');

const folder = await mkdtemp(path.join(os.tmpdir(), 'bench-projections-'));
const given = process.env.DATABASE_URL;
const server = given ? undefined : await startEmbeddedPostgres({ directory: folder, mayOpen: [folder] });
const db = connect({ connectionString: given ?? server.url, max: 12 });
const ledgerId = 'led_bench';
const accounts = Number(options.accounts);
const waiter = new PositionWaiter(db, ledgerProjections);

try {
  await migrate(db, path.join(root, 'schemas/sql'));
  const generator = generatedEvents({
    lib,
    ledgerId,
    accounts,
    seed: Number(options.seed),
    plain: options.plain,
  });
  const timed = await project(Number(options.transactions), true);
  report('timed run', timed);
  const entriesLeft = Number(options.entries) - 2 * Number(options.transactions);
  if (entriesLeft > 0) report('filling', await project(Math.ceil(entriesLeft / 2), false));
  if (options.queries || entriesLeft > 0) {
    const sizes = await db.query(`select relname, pg_size_pretty(pg_relation_size(oid)) as size from pg_class
      where relnamespace = 'read'::regnamespace and pg_relation_size(oid) > 1e6 order by pg_relation_size(oid) desc`);
    for (const { relname, size } of sizes.rows) print(`  ${relname.padEnd(28)} ${size}`);
  }
  if (options.queries) {
    await db.query('vacuum (analyze) read.accounts, read.transactions, read.entries');
    await measureQueries({
      queries: postgresLedgerQueries(db, waiter),
      ledgerId,
      accounts,
      print,
      generator,
    });
  }

  async function project(count, sealed) {
    let applied = 0;
    let batches = 0;
    const chunk = 100_000;
    let seconds = 0;
    let cpuSeconds = 0;
    let walBytes = 0;
    for (let done = 0; done < count; done += chunk) {
      const events = generator.take(Math.min(chunk, count - done), sealed);
      // Each chunk is a feed of its own that begins where the last one ended: memory stays bounded.
      const feed = directEventFeed(partOf(events));
      const projector = new Projector({
        db,
        feed: { ...feed, open: ({ after: _after, ...rest }) => feed.open(rest) },
        decode: decodeEvent,
        projections,
        batchEventsMax: Number(options.batch),
        observer: {
          applied: (batch) => {
            applied += batch.events;
            batches += 1;
          },
          halted: (alarm) => {
            print(alarm.reason);
            process.exit(1);
          },
          retrying: (error) => print(String(error)),
        },
      });
      const wal = await walPosition();
      const cpu = process.cpuUsage();
      const started = performance.now();
      projector.start();
      while (!(await waiter.waitFor(`journal-${ledgerId}`, generator.revision - 1, 60_000)));
      seconds += (performance.now() - started) / 1000;
      const used = process.cpuUsage(cpu);
      cpuSeconds += (used.user + used.system) / 1e6;
      walBytes += (await walPosition()) - wal;
      await projector.stop();
    }
    return { applied, batches, seconds, cpuSeconds, walBytes };
  }
} finally {
  await db.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
}

/** A store that has only these events, at the revisions that they carry. */
function partOf(events) {
  return {
    subscribe({ batchEventsMax = 2000 }) {
      let isClosed = false;
      let wake = () => undefined;
      return {
        async *[Symbol.asyncIterator]() {
          for (let i = 0; i < events.length && !isClosed; i += batchEventsMax)
            yield events.slice(i, i + batchEventsMax);
          if (!isClosed) await new Promise((resolve) => (wake = resolve));
        },
        async close() {
          isClosed = true;
          wake();
        },
      };
    },
    countAfter: async () => 0,
  };
}

async function walPosition() {
  const { rows } = await db.query(`select pg_current_wal_lsn() - '0/0'::pg_lsn as bytes`);
  return Number(rows[0].bytes);
}

function report(name, { applied, batches, seconds, cpuSeconds, walBytes }) {
  print(
    `${name}: ${applied} events in ${seconds.toFixed(1)} s = ${Math.round(applied / seconds)} events/s, ${batches} batches, ` +
      `${((cpuSeconds / applied) * 1e6).toFixed(1)} µs of our CPU and ${Math.round(walBytes / applied)} bytes of log an event`,
  );
}
function print(line) {
  process.stdout.write(`${line}\n`);
}
