import { readByIndex } from '@fintech-ledger/postgres';
import type { Sql } from '@fintech-ledger/postgres';
import { closedCircuit } from './circuit';
import type { Circuit } from './circuit';

/**
 * How a transaction over messages goes. It is not waited for on disk: should Postgres crash just then, what was claimed
 * is free, and what has been sent is sent again under the same id.
 */
export const overMessages = `set_config('synchronous_commit', 'off', true), ${readByIndex}`;

interface StateRow {
  readonly failures: number;
  readonly failing_since_ms: string | null;
  readonly probe_at_ms: string | null;
  readonly rate_empty_at_ms: number | null;
}

/** What is known of it since it was enabled, and when it would have had no attempt left of its rate. */
export async function lockState(
  sql: Sql,
  id: string,
  enabledMs: number,
): Promise<{ readonly circuit: Circuit; readonly emptyAt: number | null }> {
  const read = () =>
    sql.query<StateRow>(
      `select failures, failing_since_ms, probe_at_ms, rate_empty_at_ms, ${overMessages}
         from hooks.endpoints where id = $1 for update`,
      [id],
      'lock-webhook-endpoint',
    );
  let [row] = (await read()).rows;
  if (row === undefined) {
    await sql.query('insert into hooks.endpoints (id) values ($1) on conflict do nothing', [id]);
    [row] = (await read()).rows;
  }
  const emptyAt = row?.rate_empty_at_ms ?? null;
  if (row === undefined || row.failing_since_ms === null) return { circuit: closedCircuit, emptyAt };
  const failingSince = Number(row.failing_since_ms);
  if (failingSince < enabledMs) return { circuit: closedCircuit, emptyAt };
  const probeAt = row.probe_at_ms === null ? null : Number(row.probe_at_ms);
  return { circuit: { failuresInARow: row.failures, failingSince, probeAt }, emptyAt };
}

export async function saveCircuit(sql: Sql, id: string, circuit: Circuit): Promise<void> {
  const { failuresInARow, failingSince, probeAt } = circuit;
  await sql.query(
    `update hooks.endpoints set failures = $2, failing_since_ms = $3, probe_at_ms = $4
      where id = $1 and (failures, failing_since_ms, probe_at_ms) is distinct from ($2::int, $3::bigint, $4::bigint)`,
    [id, failuresInARow, failingSince, probeAt],
    'save-webhook-circuit',
  );
}

export async function saveState(sql: Sql, id: string, circuit: Circuit, emptyAt: number): Promise<void> {
  const { failuresInARow, failingSince, probeAt } = circuit;
  await sql.query(
    `update hooks.endpoints set failures = $2, failing_since_ms = $3, probe_at_ms = $4, rate_empty_at_ms = $5
      where id = $1`,
    [id, failuresInARow, failingSince, probeAt, emptyAt],
    'save-webhook-endpoint',
  );
}
