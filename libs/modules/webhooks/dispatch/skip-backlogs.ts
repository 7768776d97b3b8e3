import type { Sql } from '@fintech-ledger/postgres';

/** Skips what endpoints were not sent before they were enabled, where that was asked for, once. Replays go on. */
export async function skipBacklogs(sql: Sql): Promise<void> {
  await sql.query(
    `with asked as (
       update hooks.endpoints h set skipped_before_ms = e.skip_before_ms
         from read.webhook_endpoints e where e.id = h.id and e.skip_before_ms > h.skipped_before_ms
       returning h.id, h.skipped_before_ms)
     update hooks.messages m set status = 'skipped'
       from asked a
      where m.endpoint_id = a.id and m.status = 'pending' and m.sequence is not null and m.replay_id is null
        and m.event_ms < a.skipped_before_ms`,
    [],
    'skip-webhook-backlogs',
  );
}
