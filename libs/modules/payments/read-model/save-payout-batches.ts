import type { Sql } from '@fintech-ledger/postgres';
import type { PayoutBatchRow } from './project';

export async function savePayoutBatches(sql: Sql, rows: readonly PayoutBatchRow[]): Promise<void> {
  await sql.query(
    `insert into read.payout_batches (ledger_id, id, created_revision, created_ms, revision, currency, facts)
     select "ledgerId", id, "firstRevision", "createdMs", revision, facts->>'currency', facts
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, "firstRevision" bigint, "createdMs" bigint, revision bigint, facts jsonb)`,
    [JSON.stringify(rows)],
  );
}
