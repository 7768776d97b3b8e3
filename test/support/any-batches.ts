import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import { connect } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import { modules } from '../../apps/modules';
import { assertSameInAnyBatches } from '../../libs/testing/projections/any-batches';
import { seedOf } from '../../libs/testing/seed';

/** Everything that a store has by now, each stream in its order. */
async function everyEvent(store: EventStore): Promise<readonly RecordedEvent[]> {
  const last = await store.lastPosition();
  const events: RecordedEvent[] = [];
  const all = store.subscribe({ streamPrefixes: [''] });
  for await (const batch of all) {
    events.push(...batch);
    if (batch.some(({ position }) => position === last)) break;
  }
  await all.close();
  return events;
}

/**
 * That every read model has the same rows of what a store has, wherever batches end: it is projected again, into a
 * database of its own. BATCHES_SEED repeats a run.
 * @returns the tables that had rows @throws Error rows that depend on batches
 */
export async function sameRowsInAnyBatches(store: EventStore): Promise<readonly string[]> {
  const seed = seedOf('BATCHES_SEED');
  const events = (await everyEvent(store)).map((event) => modules.decode(event));
  const testing = await testDatabase();
  const database = connect({ connectionString: testing.url, max: 2, statementTimeoutMs: 120_000 });
  try {
    const tables: string[] = [];
    for (const projection of modules.projections) {
      const own = events.filter(({ prefix }) => projection.streamPrefixes.includes(prefix));
      const rows = await assertSameInAnyBatches(database, projection, own, seed);
      for (const [table, of] of rows) if (of.length > 0) tables.push(table);
    }
    return tables;
  } finally {
    await database.close();
    await testing.drop();
  }
}
