import type { Sql } from '@fintech-ledger/postgres';

/**
 * An older event store was accepted, so what comes after its last event of a stream is new: it is told, though the
 * lost events of the same revisions were told before.
 * @param last the last revision that the store has; -1: none
 */
export async function takeCursorsBack(sql: Sql, stream: string, last: number): Promise<void> {
  await sql.query(
    'update hooks.cursors set revision = $2, recorded_ms = 0 where stream = $1 and revision > $2',
    [stream, last],
  );
}
