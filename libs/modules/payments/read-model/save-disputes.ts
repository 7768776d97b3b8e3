import type { Sql } from '@fintech-ledger/postgres';
import type { DisputeRow } from './project';

export async function saveDisputes(sql: Sql, rows: readonly DisputeRow[]): Promise<void> {
  await sql.query(
    `insert into read.disputes
            (ledger_id, id, created_revision, created_ms, revision, status, payment_id, metadata, facts)
     select "ledgerId", id, "firstRevision", "createdMs", revision, status, facts->>'payment', facts->'metadata',
            facts
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, "firstRevision" bigint, "createdMs" bigint, revision bigint, status text,
               facts jsonb)
     on conflict (ledger_id, id) do update
       set revision = excluded.revision, status = excluded.status, metadata = excluded.metadata,
           facts = excluded.facts`,
    [JSON.stringify(rows)],
  );
}
