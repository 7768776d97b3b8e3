// How fast the relay sends a journal that is already there, and how fast a projector writes what is in Kafka: the apps themselves, one after the other.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generatedEvents } from './generated-events.mjs';
import { nodeOptions } from '../lib/node-options.mjs';
import { root } from '../lib/prepare.mjs';
import { lib, startPostgres, startProgram, stopProgram } from './start.mjs';

const ledgers = 4;
const accounts = 1_000;

/** @returns events a second of each */
export async function streamRates(folder, transactions) {
  const postgres = await startPostgres(path.join(folder, 'postgres'));
  const db = lib('platform/postgres').connect({
    connectionString: postgres.url,
    max: 2,
    statementTimeoutMs: 30_000,
  });
  const kafka = await startProgram(['scripts/kafka.mjs', '--json', '--data-dir', path.join(folder, 'kafka')]);
  try {
    await lib('platform/postgres').migrate(db, path.join(root, 'schemas', 'sql'));
    const total = await fill(db, transactions);
    const { brokers } = JSON.parse(kafka.line);
    const env = { DATABASE_URL: postgres.url, KAFKA_BROKERS: brokers, HEALTH_PORT: '0', LOG_LEVEL: 'warn' };
    const client = lib('engine/kafka').connectKafka({ brokers: brokers.split(','), clientId: 'bench' });
    const relay = await rate('relay', env, total, () => sent(client));
    const projector = await rate('projector', env, total, () => projected(db));
    return { relay, projector };
  } finally {
    await stopProgram(kafka);
    await db.close();
    await postgres.stop();
  }
}

async function fill(db, transactions) {
  const store = new (lib('engine/event-store').PostgresEventStore)({ database: db });
  let total = 0;
  for (let n = 0; n < ledgers; n += 1) {
    const ledgerId = `led_bench${n}`;
    const generator = generatedEvents({ lib, ledgerId, accounts, seed: n, plain: false });
    for (let left = transactions / ledgers; left > 0; left -= 1_000) {
      const from = generator.revision;
      const events = generator.take(Math.min(left, 1_000), true);
      await store.append(`journal-${ledgerId}`, from === 0 ? 'no_stream' : from - 1, events);
      total += events.length;
    }
  }
  await store.close();
  return total;
}

/** Counts from the first progress on, so that a start costs nothing. */
async function rate(app, env, total, reached) {
  const started = await startProgram(
    [...nodeOptions, path.join(root, 'dist', 'apps', app, 'src', 'main.js')],
    env,
  );
  let first = await reached();
  for (; first === 0; first = await reached()) await sleep(10);
  const startedAt = performance.now();
  while ((await reached()) < total) await sleep(50);
  const perSecond = ((total - first) / (performance.now() - startedAt)) * 1_000;
  await stopProgram(started);
  console.log(`${app.padEnd(44)} ${Math.round(perSecond).toString().padStart(7)}/s   ${total} events`);
  return perSecond;
}

async function sent(client) {
  try {
    const offsets = await lib('engine/kafka').withAdmin(client, (admin) =>
      admin.fetchTopicOffsets('ledger-events'),
    );
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  } catch {
    // No topic yet.
    return 0;
  }
}

async function projected(db) {
  const { rows } = await db.query(
    `select coalesce(min(n), 0) as n from (select sum(revision + 1) as n from read.checkpoints
      where projection <> 'directory' group by projection) by_projection`,
  );
  return Number(rows[0].n);
}
