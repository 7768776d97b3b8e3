import { isoTime } from '@fintech-ledger/contract';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { decodeCursor, encodeCursor, pageOf, StatementParameters } from '@fintech-ledger/projection-runtime';
import type { PageRequest } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import { attemptsMax } from '../dispatch/next-attempt';
import type { DeliveryFilter, TestMessage, WebhookOutbox } from '../ports';
import { tellDispatchers } from '../outbox/channels';
import { listParked } from '../parked/list-parked';
import { postgresReplays } from '../replays/postgres-replays';
import type { DeliveryDetails, DeliveryView } from './delivery-shape';
import { keptText } from './kept-response';

interface Row {
  readonly id: string;
  readonly endpoint_id: string;
  readonly event_id: string;
  readonly type: string;
  readonly sequence: string | null;
  readonly status: DeliveryView['status'];
  readonly attempts: number;
  readonly next_at_ms: string;
  readonly created_ms: string;
}
interface AttemptRow {
  readonly number: number;
  readonly at_ms: string;
  readonly ms: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly response: Buffer | null;
}

const columns =
  'm.id, m.endpoint_id, m.event_id, m.type, m.sequence, m.status, m.attempts, m.next_at_ms, m.created_ms';
const cursorKind = 'webhook_deliveries';

/** The outbox as the API sees it, over the tables of the schema `hooks`. */
export function postgresWebhookOutbox(db: Database): WebhookOutbox {
  return {
    async keepHeaders(ref, organizationId, sealed) {
      await db.query('insert into hooks.header_values (ref, organization_id, sealed) values ($1, $2, $3)', [
        ref,
        organizationId,
        sealed,
      ]);
    },
    async forgetHeaders(ref) {
      await db.query('delete from hooks.header_values where ref = $1', [ref]);
    },
    deliveries: (endpointId, filter, page) => list(db, endpointId, filter, page),
    delivery: (organizationId, id) => details(db, organizationId, id),
    retry: (organizationId, id, nowMs) =>
      db.transaction(async (sql) => {
        await retry(sql, organizationId, id, nowMs);
        await tellDispatchers(sql);
        return details(sql, organizationId, id);
      }),
    addTest: (message) => db.transaction((sql) => addTest(sql, message)),
    parked: (endpointId, page) => listParked(db, endpointId, page),
    replays: postgresReplays(db),
  };
}

/**
 * One that waits is sent at once, and goes on with its schedule. Any other is sent once more, and no more often when
 * that fails.
 */
async function retry(sql: Sql, organizationId: string, id: string, nowMs: number): Promise<void> {
  await sql.query(
    `update hooks.messages set next_at_ms = least($3, next_at_ms)
      where id = $1 and organization_id = $2 and status = 'pending'`,
    [id, organizationId, nowMs],
  );
  await sql.query(
    `update hooks.messages set status = 'pending', next_at_ms = $3, step = $4
      where id = $1 and organization_id = $2 and status <> 'pending'`,
    [id, organizationId, nowMs, attemptsMax - 1],
  );
  await noteAsked(sql, id, organizationId);
}

/** It is sent even if its endpoint is known to fail. */
async function noteAsked(sql: Sql, id: string, organizationId: string): Promise<void> {
  await sql.query(
    `insert into hooks.asked (message_id, endpoint_id)
     select id, endpoint_id from hooks.messages where id = $1 and organization_id = $2
     on conflict do nothing`,
    [id, organizationId],
  );
}

async function addTest(sql: Sql, message: TestMessage): Promise<DeliveryDetails> {
  const { id, endpointId, organizationId, type, body, nowMs } = message;
  await sql.query(
    `insert into hooks.messages (id, endpoint_id, organization_id, sequence, event_id, type, object, event_ms,
                                 created_ms, body, status, step, next_at_ms)
     values ($1, $2, $3, null, 'evt_test', $4, '', $5, $5, $6, 'pending', $7, $5)`,
    [id, endpointId, organizationId, type, nowMs, body, attemptsMax - 1],
  );
  await noteAsked(sql, id, organizationId);
  await tellDispatchers(sql);
  const added = await details(sql, organizationId, id);
  if (added === null) throw new Error('a test message was not kept');
  return added;
}

async function list(
  sql: Sql,
  endpointId: string,
  { status, types, fromMs, toMs }: DeliveryFilter,
  { limit, cursor }: PageRequest,
): Promise<PageOf<DeliveryView>> {
  const p = new StatementParameters();
  const where = [`m.endpoint_id = ${p.$(endpointId)}`];
  if (status !== undefined) where.push(`m.status = ${p.$(status)}`);
  if (types !== undefined) where.push(`m.type = any (string_to_array(${p.$(types.join('\n'))}, E'\\n'))`);
  if (fromMs !== undefined) where.push(`m.created_ms >= ${p.$(fromMs)}`);
  if (toMs !== undefined) where.push(`m.created_ms < ${p.$(toMs)}`);
  if (cursor !== undefined) {
    const [ms = 0, sequence = 0, id = ''] = decodeCursor(cursorKind, ['number', 'number', 'string'], cursor);
    where.push(`(m.created_ms, coalesce(m.sequence, 0), m.id) < (${p.$(ms)}, ${p.$(sequence)}, ${p.$(id)})`);
  }
  const { rows } = await sql.query<Row>(
    `select ${columns} from hooks.messages m where ${where.join(' and ')}
      order by m.created_ms desc, coalesce(m.sequence, 0) desc, m.id desc limit ${p.$(limit + 1)}`,
    p.values,
  );
  return pageOf(rows, limit, viewOf, (row) =>
    encodeCursor(cursorKind, [Number(row.created_ms), Number(row.sequence ?? 0), row.id]),
  );
}

async function details(sql: Sql, organizationId: string, id: string): Promise<DeliveryDetails | null> {
  const { rows } = await sql.query<Row>(
    `select ${columns} from hooks.messages m where m.id = $1 and m.organization_id = $2`,
    [id, organizationId],
  );
  if (rows[0] === undefined) return null;
  const { rows: attempts } = await sql.query<AttemptRow>(
    `select number, at_ms, ms, status, error, response from hooks.attempts where message_id = $1 order by number`,
    [id],
  );
  return { ...viewOf(rows[0]), attempts: attempts.map(attemptOf) };
}

function viewOf(row: Row): DeliveryView {
  return {
    id: row.id,
    object: 'webhook_delivery',
    webhook_endpoint: row.endpoint_id,
    event: row.event_id,
    type: row.type,
    sequence: row.sequence === null ? null : Number(row.sequence),
    status: row.status,
    attempts_made: row.attempts,
    next_attempt_at: row.status === 'pending' ? isoTime(row.next_at_ms) : null,
    created_at: isoTime(row.created_ms),
  };
}

function attemptOf(row: AttemptRow): DeliveryDetails['attempts'][number] {
  return {
    number: row.number,
    at: isoTime(row.at_ms),
    latency_ms: row.ms,
    status: row.status,
    error: row.error,
    response: row.response === null ? null : keptText(row.response),
  };
}
