import { isoTime } from '@fintech-ledger/contract';
import { journalPrefix } from '@fintech-ledger/envelope';
import { organizationKey } from '@fintech-ledger/events';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { StatementParameters } from '@fintech-ledger/projection-runtime';
import type { Replayed, ReplayOutcome, WebhookReplays } from '../ports';
import type { ReplayState, ReplayView } from './replay-shape';
import { tellDispatchers } from '../outbox/channels';
import { returnFromLane } from './return-from-lane';

interface Row {
  readonly id: string;
  readonly endpoint_id: string;
  readonly asked: Pick<ReplayView, 'from' | 'from_position' | 'event_types'>;
  readonly to_ms: string;
  readonly state: ReplayState;
  readonly total: string;
  readonly sent: string;
  readonly failed: string;
  readonly already_pending: string;
  readonly created_ms: string;
  readonly ended_ms: string | null;
}
const columns = `r.id, r.endpoint_id, r.asked, r.to_ms, r.state, r.total, r.sent, r.failed, r.already_pending,
                 r.created_ms, r.ended_ms`;

/** Replays as the API sees them. What they send is put into their lanes by a `Replayer`. */
export function postgresReplays(db: Database): WebhookReplays {
  return {
    start: (asked) => db.transaction((sql) => start(sql, asked)),
    get: (organizationId, id) => get(db, organizationId, id),
    cancel: (organizationId, id, nowMs) => db.transaction((sql) => cancel(sql, organizationId, id, nowMs)),
  };
}

/** How far each stream goes is fixed first, and then counted. */
async function start(sql: Sql, asked: Replayed): Promise<ReplayOutcome> {
  const { id, endpointId, organizationId, types, fromMs, toMs, nowMs } = asked;
  await keepStreams(sql, asked);
  const total = await countEvents(sql, asked);
  const isKept = !asked.dryRun && total > 0 && (await keepReplay());
  if (isKept) {
    await tellDispatchers(sql);
    const replay = await get(sql, organizationId, id);
    if (replay === null) throw new Error('a replay was not kept');
    return { kind: 'started', replay };
  }
  await sql.query('delete from hooks.replay_streams where replay_id = $1', [id]);
  if (asked.dryRun) return { kind: 'counted', replay: countedView(asked, total) };
  if (total === 0) return { kind: 'empty' };
  const { rows } = await sql.query<{ id: string }>(
    `select id from hooks.replays where endpoint_id = $1 and state = 'running'`,
    [endpointId],
  );
  return { kind: 'running', id: rows[0]?.id ?? '' };

  async function keepReplay(): Promise<boolean> {
    const shown = JSON.stringify(asked.shown);
    const { rowCount } = await sql.query(
      `insert into hooks.replays (id, endpoint_id, organization_id, asked, types, from_ms, to_ms, state, total,
                                  created_ms)
       values ($1, $2, $3, $4, $5, $6, $7, 'running', $8, $9) on conflict do nothing`,
      [id, endpointId, organizationId, shown, types.join('\n'), fromMs, toMs, total, nowMs],
    );
    return rowCount > 0;
  }
}

async function keepStreams(sql: Sql, { id, organizationId, from, fromMs }: Replayed): Promise<void> {
  const p = new StatementParameters();
  const before = `${p.$((from?.revision ?? 0) - 1)}::bigint`;
  const one = from === undefined ? '' : `and s.stream = ${p.$(`${journalPrefix}${from.ledgerId}`)}`;
  await sql.query(
    `insert into hooks.replay_streams (replay_id, stream, taken, recorded_ms, last)
     select ${p.$(id)}, s.stream, ${before}, ${p.$(fromMs)}, k.revision
       from read.public_event_streams s
       join read.checkpoints k on k.projection = 'public_events' and k.stream = s.stream
      where s.organization_key = ${p.$(organizationKey(organizationId))}::uuid and k.revision > ${before} ${one}`,
    p.values,
  );
}

async function countEvents(sql: Sql, { id, organizationId, types, fromMs, toMs }: Replayed): Promise<number> {
  const { rows } = await sql.query<{ total: string }>(
    `select coalesce(sum(least(e.last, r.last) - greatest(e.first, r.taken + 1) + 1), 0) as total
       from hooks.replay_streams r
       join read.public_event_streams s on s.organization_key = $2::uuid and s.stream = r.stream
       join read.public_events e on e.organization_key = s.organization_key and e.stream_key = s.stream_key
      where r.replay_id = $1 and e.type = any (string_to_array($3, E'\\n'))
        and e.recorded_ms >= $4 and e.recorded_ms < $5 and e.last > r.taken and e.first <= r.last`,
    [id, organizationKey(organizationId), types.join('\n'), fromMs, toMs],
  );
  return Number(rows[0]?.total ?? 0);
}

async function get(sql: Sql, organizationId: string, id: string): Promise<ReplayView | null> {
  const { rows } = await sql.query<Row>(
    `select ${columns} from hooks.replays r where r.id = $1 and r.organization_id = $2`,
    [id, organizationId],
  );
  return rows[0] === undefined ? null : viewOf(rows[0]);
}

/** What is under way has its end, and is kept; the rest is as it was before the replay. */
async function cancel(
  sql: Sql,
  organizationId: string,
  id: string,
  nowMs: number,
): Promise<{ readonly isCanceled: boolean; readonly replay: ReplayView | null }> {
  const { rowCount } = await sql.query(
    `update hooks.replays set state = 'canceled', ended_ms = $3
      where id = $1 and organization_id = $2 and state = 'running'`,
    [id, organizationId, nowMs],
  );
  if (rowCount > 0) await returnFromLane(sql, id);
  return { isCanceled: rowCount > 0, replay: await get(sql, organizationId, id) };
}

function viewOf(row: Row): ReplayView {
  return {
    id: row.id,
    object: 'webhook_replay',
    webhook_endpoint: row.endpoint_id,
    state: row.state,
    from: row.asked.from,
    to: isoTime(row.to_ms),
    from_position: row.asked.from_position,
    event_types: row.asked.event_types,
    total: Number(row.total),
    sent: Number(row.sent),
    failed: Number(row.failed),
    already_pending: Number(row.already_pending),
    created_at: isoTime(row.created_ms),
    ended_at: row.ended_ms === null ? null : isoTime(row.ended_ms),
  };
}

function countedView({ endpointId, shown, toMs, nowMs }: Replayed, total: number): ReplayView {
  return {
    id: null,
    object: 'webhook_replay',
    webhook_endpoint: endpointId,
    state: null,
    ...shown,
    to: isoTime(toMs),
    total,
    sent: 0,
    failed: 0,
    already_pending: 0,
    created_at: isoTime(nowMs),
    ended_at: null,
    dry_run: true,
  };
}
