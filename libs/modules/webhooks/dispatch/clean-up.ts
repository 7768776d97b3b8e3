import { organizationPrefix } from '@fintech-ledger/envelope';
import type { EventStore } from '@fintech-ledger/event-store';
import type { Sql } from '@fintech-ledger/postgres';
import { webhookEndpointsName } from '../read-model/endpoints-projection';

/** Attempts that one statement deletes. */
const deletedMax = 10_000;

/** Deletes attempts that are older than they are to be kept; their messages stay. @returns whether there may be more */
export async function deleteOldAttempts(sql: Sql, beforeMs: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    `delete from hooks.attempts
      where (message_id, number) in (select message_id, number from hooks.attempts
                                      where at_ms < $1 order by at_ms limit ${deletedMax})`,
    [beforeMs],
  );
  return rowCount === deletedMax;
}

/** Deletes what endpoints had that were deleted, which are never there again, and what was asked for and skipped. */
export async function deleteOfDeleted(sql: Sql): Promise<void> {
  await sql.query(
    `delete from hooks.header_values v using read.webhook_endpoints e
      where e.deleted_ms is not null and e.organization_id = v.organization_id
        and v.ref = e.endpoint ->> 'headersRef'`,
  );
  await sql.query(
    `delete from hooks.parked p using read.webhook_endpoints e
      where e.id = p.endpoint_id and e.deleted_ms is not null`,
  );
  await sql.query(
    `delete from hooks.asked a using hooks.messages m, read.webhook_endpoints e
      where m.id = a.message_id and e.id = a.endpoint_id and (m.status <> 'pending' or e.deleted_ms is not null)`,
  );
}

/** By then a command that names values has been recorded, or never is (docs/decisions/0043). */
const namedWithin = '1 hour';
const replacedMax = 100;

/**
 * Deletes values of headers that no endpoint names: others took their place, or the command that came with them was not
 * recorded. Of an organization whose read model lacks events of its stream, or is being made again, none: one of those
 * events may name them.
 */
export async function deleteReplacedHeaders(sql: Sql, store: Pick<EventStore, 'readStream'>): Promise<void> {
  const { rows } = await sql.query<{ ref: string; stream: string; reached: string | null }>(
    `select v.ref, s.stream, k.revision as reached
       from hooks.header_values v
      cross join lateral (select $1 || v.organization_id as stream) s
       left join read.checkpoints k on k.projection = '${webhookEndpointsName}' and k.stream = s.stream
      where v.kept_at < now() - interval '${namedWithin}'
        and not exists (select from read.webhook_endpoints e
                         where e.organization_id = v.organization_id and e.endpoint ->> 'headersRef' = v.ref)
      order by random() limit ${replacedMax}`,
    [organizationPrefix],
    'replaced-webhook-headers',
  );
  const heads = new Map<string, number>();
  const refs: string[] = [];
  for (const { ref, stream, reached } of rows) {
    const head = heads.get(stream) ?? (await headOf(store, stream));
    heads.set(stream, head);
    if (Number(reached ?? -1) >= head) refs.push(ref);
  }
  if (refs.length > 0)
    await sql.query(`delete from hooks.header_values where ref = any (string_to_array($1, E'\\n'))`, [
      refs.join('\n'),
    ]);
}

async function headOf(store: Pick<EventStore, 'readStream'>, stream: string): Promise<number> {
  const [last] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
  return last?.revision ?? -1;
}
