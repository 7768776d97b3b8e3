import type { Database } from '@fintech-ledger/postgres';

/**
 * Skips what endpoints were not sent before they were enabled, where that was asked for, once. Replays go on. It holds
 * the rows of the endpoints before it looks for messages: what is being made is there by then, and what is made later
 * is skipped when it is made.
 */
export async function skipBacklogs(db: Database): Promise<void> {
  const asked = `read.webhook_endpoints e where e.id = h.id and e.skip_before_ms > h.skipped_before_ms`;
  const { rows } = await db.query(
    `select from hooks.endpoints h where exists (select from ${asked}) limit 1`,
    [],
    'asked-webhook-backlogs',
  );
  if (rows.length === 0) return;
  await db.transaction(async (sql) => {
    await sql.query(
      `select h.id from hooks.endpoints h where exists (select from ${asked}) order by h.id for update`,
    );
    await sql.query(
      `with asked as (
         update hooks.endpoints h set skipped_before_ms = e.skip_before_ms from ${asked}
         returning h.id, h.skipped_before_ms)
       update hooks.messages m set status = 'skipped'
         from asked a
        where m.endpoint_id = a.id and m.status = 'pending' and m.sequence is not null and m.replay_id is null
          and m.event_ms < a.skipped_before_ms`,
      [],
      'skip-webhook-backlogs',
    );
  });
}
