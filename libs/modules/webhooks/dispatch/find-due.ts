import type { Sql } from '@fintech-ledger/postgres';
import type { EndpointFacts } from '@fintech-ledger/webhooks/domain';

/** An endpoint to which something is to be sent now. */
export interface DueEndpoint {
  readonly endpoint: EndpointFacts;
  readonly organizationId: string;
  /** Of the last event that changed it. */
  readonly revision: string;
  /** The organization is a live one. */
  readonly isLive: boolean;
  readonly enabledMs: number;
  /** What waits of before it was enabled is to be skipped, and is not yet. */
  readonly isSkipping: boolean;
  /** The headers to send along, sealed. */
  readonly sealed: string | null;
}

/** Endpoints that are enabled, not known to fail, or asked for something, and have a message that is due. */
export async function findDue(sql: Sql, nowMs: number): Promise<readonly DueEndpoint[]> {
  const { rows } = await sql.query<{
    endpoint: EndpointFacts;
    organization_id: string;
    revision: string;
    is_live: boolean;
    enabled_ms: string;
    is_skipping: boolean;
    sealed: string | null;
  }>(
    `select e.endpoint, e.organization_id, e.revision, o.parent_id is null as is_live, e.enabled_ms,
            e.skip_before_ms > coalesce(h.skipped_before_ms, 0) as is_skipping, v.sealed
       from read.webhook_endpoints e
       join read.organizations o on o.id = e.organization_id
       left join hooks.endpoints h on h.id = e.id
       left join hooks.header_values v on v.ref = e.endpoint ->> 'headersRef'
      where e.deleted_ms is null and e.endpoint ->> 'disabledBecause' is null and h.disable_because is null
        and (h.probe_at_ms is null or h.probe_at_ms <= $1 or h.failing_since_ms < e.enabled_ms
             or exists (select from hooks.asked a where a.endpoint_id = e.id))
        and exists (select from hooks.messages m
                     where m.endpoint_id = e.id and m.status = 'pending' and m.next_at_ms <= $1
                       and coalesce((select c.claimed_until_ms from hooks.claims c
                                      where c.message_id = m.id), 0) <= $1)`,
    [nowMs],
    'due-webhook-endpoints',
  );
  return rows.map((row) => ({
    endpoint: row.endpoint,
    organizationId: row.organization_id,
    revision: row.revision,
    isLive: row.is_live,
    enabledMs: Number(row.enabled_ms),
    isSkipping: row.is_skipping,
    sealed: row.sealed,
  }));
}
