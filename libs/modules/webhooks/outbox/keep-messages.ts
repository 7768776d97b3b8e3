import type { Database, Sql } from '@fintech-ledger/postgres';
import type { EndpointFacts } from '@fintech-ledger/webhooks/domain';
import { messageBody, messageId } from './message-body';
import type { News, Taken, Told } from './news';
import { isMessage, parkEvents } from '../parked/park-events';
import type { Message } from '../parked/park-events';

type Step = News & Taken;

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
  const { endpoint, stream, taken, through, throughMs, skipBeforeMs } = step;
  return db.transaction(async (sql) => {
    const { last, skippedBeforeMs } = await lockEndpoint(sql, endpoint.id);
    const { rows } = await sql.query<{ revision: string }>(
      'select revision from hooks.cursors where endpoint_id = $1 and stream = $2',
      [endpoint.id, stream],
    );
    if (Number(rows[0]?.revision ?? -1) !== taken) return false;
    // A backlog may have been skipped since this was found to be new.
    const beforeMs = Math.max(skipBeforeMs, skippedBeforeMs);
    const status = ({ recordedMs }: Message) => (recordedMs < beforeMs ? 'skipped' : 'pending');
    await insertMessages(sql, step, told.filter(isMessage), { last, nowMs, status });
    await parkEvents(sql, step, told, nowMs);
    await sql.query(
      `insert into hooks.cursors (endpoint_id, stream, revision, recorded_ms) values ($1, $2, $3, $4)
       on conflict (endpoint_id, stream)
       do update set revision = excluded.revision, recorded_ms = excluded.recorded_ms`,
      [endpoint.id, stream, through, throughMs],
    );
    return true;
  });
}

interface LockedEndpoint {
  /** The number of its last message. */
  readonly last: number;
  /** Up to where a backlog was skipped. */
  readonly skippedBeforeMs: number;
}

export async function lockEndpoint(sql: Sql, id: string): Promise<LockedEndpoint> {
  await sql.query('insert into hooks.endpoints (id) values ($1) on conflict do nothing', [id]);
  const { rows } = await sql.query<{ last_sequence: string; skipped_before_ms: string }>(
    'select last_sequence, skipped_before_ms from hooks.endpoints where id = $1 for update',
    [id],
  );
  const [row] = rows;
  return { last: Number(row?.last_sequence ?? 0), skippedBeforeMs: Number(row?.skipped_before_ms ?? 0) };
}

/** Whom messages are for. */
export interface Addressee {
  readonly endpoint: EndpointFacts;
  readonly organizationId: string;
  /** The organization is a live one. */
  readonly isLive: boolean;
}

interface Numbering {
  /** The number of the last message before. */
  readonly last: number;
  readonly nowMs: number;
  readonly status: (message: Message) => 'pending' | 'skipped';
  /** In whose lane they are to wait, and the place of the first one there. */
  readonly replay?: { readonly id: string; readonly numbers: readonly number[] };
}

/** Numbers messages and keeps them with their bodies. Who calls holds the row of the endpoint. */
export async function insertMessages(
  sql: Sql,
  { endpoint, organizationId, isLive }: Addressee,
  messages: readonly Message[],
  { last, nowMs, status, replay }: Numbering,
): Promise<void> {
  if (messages.length === 0) return;
  const rows = messages.map((message, index) => {
    const { type, recordedMs, rendered } = message;
    const sequence = last + index + 1;
    return {
      id: messageId(rendered.view.id, endpoint.id),
      sequence,
      event_id: rendered.view.id,
      type,
      object: rendered.ids[0] ?? '',
      event_ms: recordedMs,
      // As a JSON text within JSON, so that what is kept is this very text.
      body: messageBody(rendered.view, sequence, isLive),
      status: status(message),
      replay_number: replay?.numbers[index] ?? null,
    };
  });
  await sql.query(
    `insert into hooks.messages (id, endpoint_id, organization_id, sequence, event_id, type, object, event_ms,
                                 created_ms, body, status, next_at_ms, replay_id, replay_number)
     select id, $2, $3, sequence, event_id, type, object, event_ms, $4, body, status, $4, $5, replay_number
       from json_to_recordset($1::json)
         as r (id text, sequence bigint, event_id text, type text, object text, event_ms bigint, body text,
               status text, replay_number bigint)`,
    [JSON.stringify(rows), endpoint.id, organizationId, nowMs, replay?.id ?? null],
  );
  await sql.query('update hooks.endpoints set last_sequence = $2 where id = $1', [
    endpoint.id,
    last + messages.length,
  ]);
}
