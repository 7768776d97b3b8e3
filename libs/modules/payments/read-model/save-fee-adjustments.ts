import type { Sql } from '@fintech-ledger/postgres';
import type { FeeAdjustmentRow } from './project';

export async function saveFeeAdjustments(sql: Sql, rows: readonly FeeAdjustmentRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(
    `insert into read.fee_adjustments (ledger_id, revision, kind, object, amount, line)
     select "ledgerId", revision, kind, object, amount, line
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, revision bigint, kind text, object text, amount numeric, line text)`,
    [JSON.stringify(rows)],
  );
}
