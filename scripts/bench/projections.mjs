#!/usr/bin/env node
// How fast the projector writes read models, and how fast queries read them; a seeded run on an embedded Postgres with durable commits.
import { createRequire } from 'node:module';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { generatedEvents } from './generated-events.mjs';
import { partOf } from './part-of.mjs';
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
    without: { type: 'string', default: '' },
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
  --without NAMES   leaves these projections out, with commas between
  --queries         then queries at 200 requests/s: balance, transaction, pages of 100 at the first and the last depth
DATABASE_URL names a migrated, empty database to use instead of an embedded one.\n`);
  process.exit(0);
}
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const lib = (name) => createRequire(import.meta.url)(path.join(root, 'dist/libs', name, 'index.js'));
const { connect, migrate } = lib('platform/postgres');
const { startEmbeddedPostgres } = lib('platform/embedded-postgres');
const { directEventFeed } = lib('engine/event-feed');
const { Projector, PositionWaiter } = lib('engine/projection-runtime');
const { postgresLedgerQueries } = lib('modules/ledger');
const { modules } = createRequire(import.meta.url)(path.join(root, 'dist/apps/modules.js'));
const { decode } = modules;
const without = options.without.split(',');
const projections = modules.projections.filter(({ name }) => !without.includes(name));

const folder = await mkdtemp(path.join(os.tmpdir(), 'bench-projections-'));
const given = process.env.DATABASE_URL;
const server = given ? undefined : await startEmbeddedPostgres({ directory: folder });
const db = connect({ connectionString: given ?? server.url, max: 12, statementTimeoutMs: 30_000 });
const timed = timedStatements(db);
const ledgerId = 'led_bench';
const accounts = Number(options.accounts);
const ofJournals = projections.filter(({ streamPrefixes }) => streamPrefixes.includes('journal-'));
const waiter = new PositionWaiter(
  db,
  ofJournals.map(({ name }) => name),
);

try {
  await migrate(db, path.join(root, 'schemas/sql'));
  const generator = generatedEvents({
    lib,
    ledgerId,
    accounts,
    seed: Number(options.seed),
    plain: options.plain,
  });
  const first = await project(Number(options.transactions), true);
  report('timed run', first);
  for (const [name, ms] of timed.spent)
    print(`  ${((ms / first.applied) * 1000).toFixed(1).padStart(6)} µs an event  ${name}`);
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
    let serverSeconds = 0;
    let walBytes = 0;
    for (let done = 0; done < count; done += chunk) {
      const events = generator.take(Math.min(chunk, count - done), sealed);
      // Each chunk is a feed of its own that begins where the last one ended: memory stays bounded.
      const feed = directEventFeed(partOf(events));
      const projector = new Projector({
        db: timed.db,
        feed: { ...feed, open: ({ after: _after, ...rest }) => feed.open(rest) },
        history: { readStream: async () => [] },
        decode,
        linkOf: (event) => event,
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
      const serverCpu = await serverCpuSeconds();
      const cpu = process.cpuUsage();
      const started = performance.now();
      projector.start();
      while (!(await waiter.waitFor(`journal-${ledgerId}`, generator.revision - 1, 60_000)));
      seconds += (performance.now() - started) / 1000;
      const used = process.cpuUsage(cpu);
      cpuSeconds += (used.user + used.system) / 1e6;
      serverSeconds += (await serverCpuSeconds()) - serverCpu;
      walBytes += (await walPosition()) - wal;
      await projector.stop();
    }
    return { applied, batches, seconds, cpuSeconds, serverSeconds, walBytes };
  }
} finally {
  await db.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
}

/** The database with a watch on every statement inside of transactions. */
function timedStatements(database) {
  const spent = new Map();
  const watch = async (name, work) => {
    const started = performance.now();
    const result = await work();
    spent.set(name, (spent.get(name) ?? 0) + performance.now() - started);
    return result;
  };
  const watched = (sql) => ({
    query: (text, values, name) => watch(name ?? text.slice(0, 40), () => sql.query(text, values, name)),
    copyFrom: (statement, chunks) => watch(statement.slice(0, 24), () => sql.copyFrom(statement, chunks)),
  });
  const transaction = (work, settings) =>
    watch('(whole transactions)', () => database.transaction((sql) => work(watched(sql)), settings));
  return { spent, db: { ...database, transaction } };
}

/** CPU that the embedded server's living processes have used; 0 where there is no /proc. */
async function serverCpuSeconds() {
  if (!server) return 0;
  let ticks = 0;
  for (const pid of await readdir('/proc').catch(() => [])) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(pid) === server.pid() || Number(fields[1]) === server.pid())
      ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / 100;
}

async function walPosition() {
  const { rows } = await db.query(`select pg_current_wal_lsn() - '0/0'::pg_lsn as bytes`);
  return Number(rows[0].bytes);
}

function report(name, { applied, batches, seconds, cpuSeconds, serverSeconds, walBytes }) {
  print(
    `${name}: ${applied} events in ${seconds.toFixed(1)} s = ${Math.round(applied / seconds)} events/s, ${batches} batches, ` +
      `${((cpuSeconds / applied) * 1e6).toFixed(1)} µs of our CPU, ${((serverSeconds / applied) * 1e6).toFixed(1)} µs of the server's and ${Math.round(walBytes / applied)} bytes of log an event`,
  );
}
function print(line) {
  process.stdout.write(`${line}\n`);
}
