import { journalPrefix } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import { defineProjection, deleteOfLedger, saveObjectStates } from '@fintech-ledger/projection-runtime';
import { projectCustomers } from './project';
import type { CustomerRows } from './project';

export const customersProjectionName = 'customers';
const tables = ['customer_states', 'customers', 'payment_methods'] as const;

/** Customers and payment methods, as they are and as they were. */
export const customersProjection = defineProjection({
  name: customersProjectionName,
  version: 1,
  streamPrefixes: [journalPrefix],
  mayBeRebuilt: true,
  project: projectCustomers,
  async save(sql, { states, customers, methods }: CustomerRows) {
    await saveObjectStates(sql, 'customer_states', states);
    if (customers.length > 0) await saveCustomers(sql, customers);
    if (methods.length > 0) await saveMethods(sql, methods);
  },
  tables,
  resetStream: (sql, stream) => deleteOfLedger(sql, tables, stream),
});

async function saveCustomers(sql: Sql, rows: CustomerRows['customers']): Promise<void> {
  await sql.query(
    `insert into read.customers
            (ledger_id, id, created_revision, created_ms, revision, is_deleted, email, metadata, facts)
     select "ledgerId", id, "firstRevision", "createdMs", revision, facts->>'deletedAt' is not null, facts->>'email',
            facts->'metadata', facts
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, "firstRevision" bigint, "createdMs" bigint, revision bigint, facts jsonb)
     on conflict (ledger_id, id) do update
       set revision = excluded.revision, is_deleted = excluded.is_deleted, email = excluded.email,
           metadata = excluded.metadata, facts = excluded.facts`,
    [JSON.stringify(rows)],
  );
}

async function saveMethods(sql: Sql, rows: CustomerRows['methods']): Promise<void> {
  await sql.query(
    `insert into read.payment_methods (ledger_id, id, created_revision, revision, customer_id, is_detached, facts)
     select "ledgerId", id, "firstRevision", revision, facts->>'customer', facts->>'detachedAt' is not null, facts
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, "firstRevision" bigint, revision bigint, facts jsonb)
     on conflict (ledger_id, id) do update
       set revision = excluded.revision, is_detached = excluded.is_detached, facts = excluded.facts`,
    [JSON.stringify(rows)],
  );
}
