import type { Database, Sql } from '@fintech-ledger/postgres';
import type { EndpointFacts, Ordering } from '@fintech-ledger/webhooks/domain';
import { admit, closedCircuit } from './circuit';
import type { Circuit } from './circuit';

/** Messages of one endpoint that are under way at once, over all processes. */
const endpointInFlightMax = 10;

/** An endpoint to which something is to be sent now. */
export interface DueEndpoint {
  readonly endpoint: EndpointFacts;
  readonly organizationId: string;
  /** The organization is a live one. */
  readonly isLive: boolean;
  readonly enabledMs: number;
  /** The headers to send along, sealed. */
  readonly sealed: string | null;
}

export interface ClaimedMessage {
  readonly id: string;
  readonly body: string;
  /** Attempts of its schedule so far. */
  readonly step: number;
}

/** Endpoints that are enabled, not known to fail, and have a message that is due. */
export async function findDue(sql: Sql, nowMs: number): Promise<readonly DueEndpoint[]> {
  const { rows } = await sql.query<{
    endpoint: EndpointFacts;
    organization_id: string;
    is_live: boolean;
    enabled_ms: string;
    sealed: string | null;
  }>(
    `select e.endpoint, e.organization_id, o.parent_id is null as is_live, e.enabled_ms, v.sealed
       from read.webhook_endpoints e
       join read.organizations o on o.id = e.organization_id
       left join hooks.endpoints h on h.id = e.id
       left join hooks.header_values v on v.ref = e.endpoint ->> 'headersRef'
      where e.deleted_ms is null and e.endpoint ->> 'disabledBecause' is null and h.disable_because is null
        and (h.probe_at_ms is null or h.probe_at_ms <= $1 or h.failing_since_ms < e.enabled_ms)
        and exists (select from hooks.messages m
                     where m.endpoint_id = e.id and m.status = 'pending' and m.next_at_ms <= $1
                       and (m.claimed_until_ms is null or m.claimed_until_ms <= $1))`,
    [nowMs],
    'due-webhook-endpoints',
  );
  return rows.map((row) => ({
    endpoint: row.endpoint,
    organizationId: row.organization_id,
    isLive: row.is_live,
    enabledMs: Number(row.enabled_ms),
    sealed: row.sealed,
  }));
}

/** By ordering, which messages may be sent; tests are in no order. */
const isFree: Readonly<Record<Ordering, string>> = {
  none: '',
  strict: `and (m.sequence is null or m.sequence = (select min(p.sequence) from hooks.messages p
                                                     where p.endpoint_id = $1 and p.status = 'pending'))`,
  per_object: `and (m.sequence is null or not exists (
                    select from hooks.messages p
                     where p.endpoint_id = $1 and p.object = m.object and p.status = 'pending'
                       and p.sequence < m.sequence))`,
};

/**
 * Claims messages that are due until a time by which each has an outcome, unless this process ends: then another one
 * claims them. Who claims holds the endpoint's row.
 */
export function claimMessages(
  db: Database,
  { endpoint, enabledMs }: DueEndpoint,
  countMax: number,
  nowMs: number,
  untilMs: number,
): Promise<readonly ClaimedMessage[]> {
  return db.transaction(async (sql) => {
    const circuit = await lockCircuit(sql, endpoint.id, enabledMs);
    const admitted = admit(circuit, nowMs, untilMs - nowMs);
    if (!admitted.isAdmitted) return [];
    const isProbe = circuit.probeAt !== null;
    const free = endpointInFlightMax - (await inFlight(sql, endpoint.id, nowMs));
    const count = Math.min(isProbe ? 1 : free, countMax);
    if (count <= 0) return [];
    const { rows } = await sql.query<ClaimedMessage>(
      `with free as (
         select m.id from hooks.messages m
          where m.endpoint_id = $1 and m.status = 'pending' and m.next_at_ms <= $2
            and (m.claimed_until_ms is null or m.claimed_until_ms <= $2) ${isFree[endpoint.ordering]}
          order by m.next_at_ms, m.sequence limit $3)
       update hooks.messages m set claimed_until_ms = $4 from free where m.id = free.id
       returning m.id, m.body, m.step`,
      [endpoint.id, nowMs, count, untilMs],
    );
    if (rows.length > 0) await saveCircuit(sql, endpoint.id, admitted.circuit);
    return rows;
  });
}

/** What is known of it since it was enabled. */
export async function lockCircuit(sql: Sql, id: string, enabledMs: number): Promise<Circuit> {
  await sql.query('insert into hooks.endpoints (id) values ($1) on conflict do nothing', [id]);
  const { rows } = await sql.query<{
    failures: number;
    failing_since_ms: string | null;
    probe_at_ms: string | null;
  }>('select failures, failing_since_ms, probe_at_ms from hooks.endpoints where id = $1 for update', [id]);
  const [row] = rows;
  if (row === undefined || row.failing_since_ms === null) return closedCircuit;
  const failingSince = Number(row.failing_since_ms);
  if (failingSince < enabledMs) return closedCircuit;
  const probeAt = row.probe_at_ms === null ? null : Number(row.probe_at_ms);
  return { failuresInARow: row.failures, failingSince, probeAt };
}

export async function saveCircuit(sql: Sql, id: string, circuit: Circuit): Promise<void> {
  const { failuresInARow, failingSince, probeAt } = circuit;
  await sql.query(
    `update hooks.endpoints set failures = $2, failing_since_ms = $3, probe_at_ms = $4
      where id = $1 and (failures, failing_since_ms, probe_at_ms) is distinct from ($2::int, $3::bigint, $4::bigint)`,
    [id, failuresInARow, failingSince, probeAt],
  );
}

async function inFlight(sql: Sql, id: string, nowMs: number): Promise<number> {
  const { rows } = await sql.query<{ count: string }>(
    `select count(*) as count from hooks.messages where endpoint_id = $1 and claimed_until_ms > $2`,
    [id, nowMs],
  );
  return Number(rows[0]?.count ?? 0);
}

/** Gives claimed messages back that were not sent to the end. */
export async function releaseMessages(sql: Sql, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql.query(
    `update hooks.messages set claimed_until_ms = null
      where id = any (string_to_array($1, E'\\n')) and status = 'pending'`,
    [ids.join('\n')],
  );
}
