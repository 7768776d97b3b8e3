import { journalPrefix } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import { defineProjection, deleteOfLedger } from '@fintech-ledger/projection-runtime';
import { projectLedgerTransfers } from './project';
import type { ArrivalRow, TransferRow, TransferRows, TransferStateRow, TransitRow } from './project';

export const ledgerTransfersProjectionName = 'ledger_transfers';
const tables = [
  'ledger_transfer_states',
  'ledger_transfers',
  'ledger_transfer_arrivals',
  'ledger_transfer_transit',
];

/** Transfers between ledgers, as they are and as they were, and what is in transit. */
export const ledgerTransfersProjection = defineProjection({
  name: ledgerTransfersProjectionName,
  version: 1,
  streamPrefixes: [journalPrefix],
  mayBeRebuilt: true,
  project: projectLedgerTransfers,
  async save(sql, { states, transfers, arrivals, transit }: TransferRows) {
    if (states.length > 0) await saveStates(sql, states);
    if (transfers.length > 0) await saveTransfers(sql, transfers);
    if (arrivals.length > 0) await saveArrivals(sql, arrivals);
    if (transit.length > 0) await saveTransit(sql, transit);
  },
  tables,
  resetStream: (sql, stream) => deleteOfLedger(sql, tables, stream),
});

async function saveStates(sql: Sql, rows: readonly TransferStateRow[]): Promise<void> {
  await sql.query(
    `insert into read.ledger_transfer_states (ledger_id, id, revision, recorded_ms, effective_ms, type, facts)
     select "ledgerId", id, revision, "recordedMs", "effectiveMs", type, facts
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, revision bigint, "recordedMs" bigint, "effectiveMs" bigint, type text,
               facts jsonb)`,
    [JSON.stringify(rows)],
  );
}

async function saveTransfers(sql: Sql, rows: readonly TransferRow[]): Promise<void> {
  await sql.query(
    `insert into read.ledger_transfers
            (organization_id, ledger_id, id, revision, created_ms, status, to_ledger_id, currency, amount, metadata,
             facts)
     select "organizationId", "ledgerId", id, revision, "createdMs", facts->>'status', facts->'to'->>'ledger',
            facts->>'currency', (facts->>'amount')::numeric, facts->'metadata', facts
       from jsonb_to_recordset($1::jsonb)
         as r ("organizationId" text, "ledgerId" text, id text, revision bigint, "createdMs" bigint, facts jsonb)
     on conflict (ledger_id, id) do update
       set revision = excluded.revision, status = excluded.status, metadata = excluded.metadata,
           facts = excluded.facts`,
    [JSON.stringify(rows)],
  );
}

async function saveArrivals(sql: Sql, rows: readonly ArrivalRow[]): Promise<void> {
  await sql.query(
    `insert into read.ledger_transfer_arrivals (ledger_id, id, revision, is_received, facts)
     select "ledgerId", id, revision, "isReceived", facts
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, revision bigint, "isReceived" boolean, facts jsonb)`,
    [JSON.stringify(rows)],
  );
}

async function saveTransit(sql: Sql, rows: readonly TransitRow[]): Promise<void> {
  await sql.query(
    `insert into read.ledger_transfer_transit as t (organization_id, ledger_id, account, currency, booked)
     select "organizationId", "ledgerId", account, currency, booked::numeric
       from jsonb_to_recordset($1::jsonb)
         as r ("organizationId" text, "ledgerId" text, account text, currency text, booked text)
     on conflict (ledger_id, account) do update set booked = t.booked + excluded.booked`,
    [JSON.stringify(rows)],
  );
}
