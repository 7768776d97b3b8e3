import type { Sql } from '@fintech-ledger/postgres';
import type { TransferRow } from './project';

export async function saveTransfers(sql: Sql, rows: readonly TransferRow[]): Promise<void> {
  await sql.query(
    `insert into read.transfers
            (ledger_id, id, created_revision, created_ms, revision, destination, source_payment, transfer_group,
             metadata, facts)
     select "ledgerId", id, "firstRevision", "createdMs", revision, facts->>'destination', facts->>'sourcePayment',
            facts->>'transferGroup', facts->'metadata', facts
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, "firstRevision" bigint, "createdMs" bigint, revision bigint, facts jsonb)
     on conflict (ledger_id, id) do update
       set revision = excluded.revision, metadata = excluded.metadata, facts = excluded.facts`,
    [JSON.stringify(rows)],
  );
}
