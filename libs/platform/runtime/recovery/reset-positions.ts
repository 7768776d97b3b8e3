import { firstEventAfter } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import type { Database } from '@fintech-ledger/postgres';

/** How long a store that has events takes to send the first one, at most. */
const firstEventMs = 10_000;

/**
 * Positions of the newer store mean nothing in the older one, and something else later: who follows the store begins again, and passes over what it has by
 * its revision and hash. The database remembers from now on that the store says whose it is.
 */
export async function resetPositions(
  store: EventStore,
  db: Database,
  streamPrefixes: readonly string[],
): Promise<void> {
  const first = await firstEventAfter(store, { streamPrefixes, waitMs: firstEventMs });
  await db.transaction(async (sql) => {
    // The token of a topic, a JSON object, is none of the store's.
    await sql.query(`update read.projections set feed_token = null where feed_token not like '{%'`);
    if (first === undefined) await sql.query('delete from relay.checkpoints');
    else await sql.query('update relay.checkpoints set position = $1', [first.position]);
    await sql.query('update meta.installation set is_in_store = true');
  });
}
