#!/usr/bin/env node
// What the Postgres event store takes and gives: one writer, durable commits, embedded Postgres.
import { createRequire } from 'node:module';
import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';

const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: '200000' },
    batches: { type: 'string', default: '1,20,100,500,5000' },
    bytes: { type: 'string', default: '600' },
    writers: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stderr.write(`Usage: npm run build && node scripts/bench/event-store.mjs [options]
  --events N      events of the largest run (default 200000)
  --batches A,B   events of one append, a run each (default 1,20,100,500,5000)
  --bytes N       data and metadata of one event together (default 600)
  --writers N     streams that are written at the same time (default 1)
DATABASE_URL names a migrated, empty database to use instead of an embedded one.\n`);
  process.exit(0);
}
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const lib = (name) => createRequire(import.meta.url)(path.join(root, 'dist/libs', name, 'index.js'));
const { connect, migrate } = lib('platform/postgres');
const { startEmbeddedPostgres } = lib('platform/embedded-postgres');
const { PostgresEventStore } = lib('engine/event-store');

const folder = await mkdtemp(path.join(os.tmpdir(), 'bench-event-store-'));
const given = process.env.DATABASE_URL;
const server = given ? undefined : await startEmbeddedPostgres({ directory: folder });
const database = connect({ connectionString: given ?? server.url, max: 12, statementTimeoutMs: 30_000 });
const store = new PostgresEventStore({ database });
const print = (line) => process.stdout.write(`${line}\n`);
const padding = 'x'.repeat(Math.max(0, Number(options.bytes) - 330));

try {
  await migrate(database, path.join(root, 'schemas/sql'));
  const { rows } = await database.query(
    `select current_setting('fsync') || '/' || current_setting('synchronous_commit') as durable`,
  );
  print(
    `fsync/synchronous_commit ${rows[0].durable}, ${options.writers} writer(s), ${eventBytes()} bytes an event`,
  );
  // Warms up the server's files and both sides' code.
  await appendRun('warm-up', 500, 20_000);
  let largest = { stream: '', count: 0 };
  for (const batch of options.batches.split(',').map(Number)) {
    const streams = Array.from({ length: Number(options.writers) }, () => `journal-${randomUUID()}`);
    const count = Math.min(Number(options.events), batch * 2_000);
    const perWriter = Math.floor(count / streams.length);
    const startedAt = performance.now();
    const waits = (await Promise.all(streams.map((stream) => appendRun(stream, batch, perWriter)))).flat();
    const seconds = (performance.now() - startedAt) / 1_000;
    print(`append ${String(batch).padStart(5)} at a time  ${rate(count, seconds)}  ${percentiles(waits)}`);
    largest = { stream: streams[0], count: perWriter };
  }
  await readRun(largest.stream);
  await lookUps(largest.stream, largest.count);
  await replay();
} finally {
  await store.close();
  await database.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
}

function makeEvents(count) {
  return Array.from({ length: count }, (_, index) => {
    const hash = `${randomUUID()}${randomUUID()}`.replaceAll('-', '');
    return {
      id: randomUUID(),
      type: 'TransactionPosted',
      data: `{"entries":[{"account":"customers:${index}","amount":"${index * 7 + 1}"}],"padding":"${padding}"}`,
      metadata: `{"$correlationId":"${randomUUID()}","actor":"key_1","hash":"${hash}","previousHash":"${hash}"}`,
    };
  });
}

function eventBytes() {
  const [event] = makeEvents(1);
  return event.data.length + event.metadata.length;
}

async function appendRun(stream, batch, count) {
  const batches = [];
  for (let made = 0; made < count; made += batch) batches.push(makeEvents(Math.min(batch, count - made)));
  const waits = [];
  let last = -1;
  for (const events of batches) {
    const startedAt = performance.now();
    ({ revision: last } = await store.append(stream, last < 0 ? 'no_stream' : last, events));
    waits.push(performance.now() - startedAt);
  }
  return waits;
}

async function readRun(stream) {
  const startedAt = performance.now();
  let from = 0;
  for (;;) {
    const page = await store.readStream(stream, { from, limit: 2_000 });
    if (page.length === 0) break;
    from += page.length;
  }
  print(`read a stream, 2,000 a page  ${rate(from, (performance.now() - startedAt) / 1_000)}`);
}

async function lookUps(stream, count) {
  const waits = [];
  for (let done = 0; done < 2_000; done += 1) {
    const startedAt = performance.now();
    await store.readStream(stream, { from: randomInt(count), limit: 1 });
    waits.push(performance.now() - startedAt);
  }
  print(`read one event by revision   ${percentiles(waits)}`);
}

async function replay() {
  const total = await store.countAfter(undefined);
  const startedAt = performance.now();
  let seen = 0;
  for await (const events of store.subscribe({ streamPrefixes: ['journal-', 'warm-up'] })) {
    seen += events.length;
    if (seen === total) break;
  }
  print(`subscription from the start  ${rate(seen, (performance.now() - startedAt) / 1_000)}`);
}

function rate(count, seconds) {
  return `${Math.round(count / seconds)
    .toLocaleString('en')
    .padStart(9)} events/s`;
}

function percentiles(waits) {
  const sorted = waits.toSorted((a, b) => a - b);
  const at = (share) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2);
  return `p50 ${at(0.5)} ms  p99 ${at(0.99)} ms`;
}
