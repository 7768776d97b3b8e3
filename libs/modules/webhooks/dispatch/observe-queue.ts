import type { Sql } from '@fintech-ledger/postgres';
import { instruments } from '@fintech-ledger/telemetry';

const states = ['due', 'retrying', 'held'] as const;

interface Row {
  readonly state: (typeof states)[number];
  readonly count: string;
  readonly oldest_ms: string;
}

/**
 * Sets the gauges of the queue. `due`: may be sent now. `retrying`: waits for its next attempt. `held`: the endpoint is
 * disabled, or known to fail.
 */
export async function observeQueue(sql: Sql, nowMs: number): Promise<void> {
  const { rows } = await sql.query<Row>(
    `select state, count(*) as count, min(created_ms) as oldest_ms
       from (select m.created_ms,
                    case when e.endpoint ->> 'disabledBecause' is not null or h.disable_because is not null
                              or h.probe_at_ms is not null and h.failing_since_ms >= e.enabled_ms then 'held'
                         when m.next_at_ms > $1 then 'retrying'
                         else 'due' end as state
               from hooks.messages m
               join read.webhook_endpoints e on e.id = m.endpoint_id and e.deleted_ms is null
               left join hooks.endpoints h on h.id = m.endpoint_id
              where m.status = 'pending' and m.replay_id is null) q
      group by state`,
    [nowMs],
    'webhook-queue',
  );
  for (const state of states) {
    const row = rows.find((one) => one.state === state);
    instruments.webhookPending.record(Number(row?.count ?? 0), { state });
    const seconds = row === undefined ? 0 : Math.max(0, nowMs - Number(row.oldest_ms)) / 1_000;
    instruments.webhookOldestSeconds.record(seconds, { state });
  }
  const parked = await sql.query<{ count: string }>(
    "select count(*) as count from hooks.parked where state = 'parked'",
  );
  instruments.webhookParked.record(Number(parked.rows[0]?.count ?? 0));
}
