import type { Sql } from '@fintech-ledger/postgres';
import type { EndpointQueue } from './endpoint-queue';

/**
 * Those with messages that wait, of whose endpoint there is a later event than when they were claimed: it was deleted
 * or disabled, or has another address, other headers or another secret.
 */
export async function changedQueues(
  sql: Sql,
  queues: ReadonlyMap<string, EndpointQueue>,
): Promise<readonly EndpointQueue[]> {
  const waiting = [...queues.values()].filter(({ waits }) => waits > 0);
  if (waiting.length === 0) return [];
  const { rows } = await sql.query<{ id: string }>(
    `select k.id from jsonb_to_recordset($1::jsonb) as k (id text, revision bigint)
       left join read.webhook_endpoints e on e.id = k.id
       left join hooks.endpoints h on h.id = k.id
      where e.revision is distinct from k.revision or h.disable_because is not null`,
    [JSON.stringify(waiting.map(({ due: { endpoint, revision } }) => ({ id: endpoint.id, revision })))],
    'changed-webhook-endpoints',
  );
  return rows.flatMap(({ id }) => queues.get(id) ?? []);
}
