import type { Sql } from '@fintech-ledger/postgres';
import type { SplitRow } from './project';

export async function saveSplits(sql: Sql, rows: readonly SplitRow[]): Promise<void> {
  await sql.query(
    `insert into read.splits
            (ledger_id, id, created_revision, created_ms, revision, payment_id, split_rule, metadata, facts)
     select "ledgerId", id, "firstRevision", "createdMs", revision, facts->>'payment', facts->'rule'->>'id',
            facts->'metadata', facts
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, "firstRevision" bigint, "createdMs" bigint, revision bigint, facts jsonb)
     on conflict (ledger_id, id) do update
       set revision = excluded.revision, metadata = excluded.metadata, facts = excluded.facts`,
    [JSON.stringify(rows)],
  );
}
