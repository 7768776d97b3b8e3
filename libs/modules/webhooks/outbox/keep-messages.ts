import type { Database, Sql } from '@fintech-ledger/postgres';
import type { RenderedEvent } from '@fintech-ledger/events';
import { messageBody, messageId } from './message-body';
import type { News, Taken, Told } from './news';

type Step = News & Taken;
type Message = Told & { readonly rendered: RenderedEvent };
const isMessage = (told: Told): told is Message => 'view' in told.rendered;

/**
 * Keeps the messages of one step with their numbers, and moves the cursor, in one transaction that holds the row of
 * the endpoint: whoever else takes the same finds that it was taken.
 * @returns false: another one took it
 */
export function keepMessages(
  db: Database,
  step: Step,
  told: readonly Told[],
  nowMs: number,
): Promise<boolean> {
  const { endpoint, stream, taken, through, throughMs } = step;
  return db.transaction(async (sql) => {
    const last = await lockEndpoint(sql, endpoint.id);
    const { rows } = await sql.query<{ revision: string }>(
      'select revision from hooks.cursors where endpoint_id = $1 and stream = $2',
      [endpoint.id, stream],
    );
    if (Number(rows[0]?.revision ?? -1) !== taken) return false;
    const messages = told.filter(isMessage);
    await insertMessages(sql, step, messages, last, nowMs);
    for (const { revision, type, rendered } of told)
      if ('reason' in rendered)
        await sql.query(
          `insert into hooks.parked (endpoint_id, stream, revision, type, reason, at_ms)
           values ($1, $2, $3, $4, $5, $6)`,
          [endpoint.id, stream, revision, type, rendered.reason.replaceAll('\0', ''), nowMs],
        );
    await sql.query(
      `insert into hooks.cursors (endpoint_id, stream, revision, recorded_ms) values ($1, $2, $3, $4)
       on conflict (endpoint_id, stream)
       do update set revision = excluded.revision, recorded_ms = excluded.recorded_ms`,
      [endpoint.id, stream, through, throughMs],
    );
    if (messages.length > 0)
      await sql.query('update hooks.endpoints set last_sequence = $2 where id = $1', [
        endpoint.id,
        last + messages.length,
      ]);
    return true;
  });
}

/** @returns the number of its last message */
async function lockEndpoint(sql: Sql, id: string): Promise<number> {
  await sql.query('insert into hooks.endpoints (id) values ($1) on conflict do nothing', [id]);
  const { rows } = await sql.query<{ last_sequence: string }>(
    'select last_sequence from hooks.endpoints where id = $1 for update',
    [id],
  );
  return Number(rows[0]?.last_sequence ?? 0);
}

async function insertMessages(
  sql: Sql,
  { endpoint, organizationId, isLive, skipBeforeMs }: Step,
  messages: readonly Message[],
  last: number,
  nowMs: number,
): Promise<void> {
  if (messages.length === 0) return;
  const rows = messages.map(({ type, recordedMs, rendered: { view, ids } }, index) => {
    const sequence = last + index + 1;
    return {
      id: messageId(view.id, endpoint.id),
      sequence,
      event_id: view.id,
      type,
      object: ids[0] ?? '',
      event_ms: recordedMs,
      // As a JSON text within JSON, so that what is kept is this very text.
      body: messageBody(view, sequence, isLive),
      status: recordedMs < skipBeforeMs ? 'skipped' : 'pending',
    };
  });
  await sql.query(
    `insert into hooks.messages (id, endpoint_id, organization_id, sequence, event_id, type, object, event_ms,
                                 created_ms, body, status, next_at_ms)
     select id, $2, $3, sequence, event_id, type, object, event_ms, $4, body, status, $4
       from json_to_recordset($1::json)
         as r (id text, sequence bigint, event_id text, type text, object text, event_ms bigint, body text,
               status text)`,
    [JSON.stringify(rows), endpoint.id, organizationId, nowMs],
  );
}
