import type { Sql } from '@fintech-ledger/postgres';

/** Messages that waited in the lane of a replay are again what they were before it: those that were none, not sent. */
export async function returnFromLane(sql: Sql, replayId: string): Promise<void> {
  await sql.query(
    `update hooks.messages m
        set replay_id = null, replay_number = null,
            status = coalesce(m.status_before, case when m.attempts = 0 then 'skipped' else 'failed' end),
            status_before = null
      where m.replay_id = $1 and m.status = 'pending'`,
    [replayId],
  );
}
