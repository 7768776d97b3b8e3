import { journalPrefix } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import { defineProjection, deleteOfLedger } from '@fintech-ledger/projection-runtime';
import { saveBalances } from './save-balances';
import { projectPayments } from './project';
import { saveFeeAdjustments } from './save-fee-adjustments';
import { saveDisputes } from './save-disputes';
import { savePayoutBatches } from './save-payout-batches';
import { saveSplits } from './save-splits';
import { saveTransfers } from './save-transfers';
import type { PaymentRow, PaymentRows, PayoutRow, RefundRow, StateRow } from './project';

export const paymentsProjectionName = 'payments';
const tables = [
  ...[
    'payment_states',
    'payments',
    'refunds',
    'payouts',
    'payout_batches',
    'disputes',
    'transfers',
    'splits',
    'fee_adjustments',
  ],
  ...['balance_states', 'balances', 'balance_transactions'],
];

/** Payments, refunds and balances, as they are and as they were. */
export const paymentsProjection = defineProjection({
  name: paymentsProjectionName,
  version: 2,
  streamPrefixes: [journalPrefix],
  mayBeRebuilt: true,
  project: projectPayments,
  async save(sql, rows: PaymentRows) {
    const { states, payments, refunds, payouts, payoutBatches, disputes, transfers, splits, ...others } =
      rows;
    const { feeAdjustments, ...balances } = others;
    if (states.length > 0) await saveStates(sql, states);
    if (payments.length > 0) await savePayments(sql, payments);
    if (refunds.length > 0) await saveRefunds(sql, refunds);
    if (payouts.length > 0) await savePayouts(sql, payouts);
    if (payoutBatches.length > 0) await savePayoutBatches(sql, payoutBatches);
    if (disputes.length > 0) await saveDisputes(sql, disputes);
    if (transfers.length > 0) await saveTransfers(sql, transfers);
    if (splits.length > 0) await saveSplits(sql, splits);
    if (feeAdjustments.length > 0) await saveFeeAdjustments(sql, feeAdjustments);
    await saveBalances(sql, balances);
  },
  tables,
  resetStream: (sql, stream) => deleteOfLedger(sql, tables, stream),
});

async function saveStates(sql: Sql, rows: readonly StateRow[]): Promise<void> {
  await sql.query(
    `insert into read.payment_states (ledger_id, id, revision, recorded_ms, effective_ms, type, facts)
     select "ledgerId", id, revision, "recordedMs", "effectiveMs", type, facts
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, revision bigint, "recordedMs" bigint, "effectiveMs" bigint, type text,
               facts jsonb)`,
    [JSON.stringify(rows)],
  );
}

async function savePayments(sql: Sql, rows: readonly PaymentRow[]): Promise<void> {
  await sql.query(
    `insert into read.payments
            (ledger_id, id, created_revision, created_ms, revision, status, transfer_group, metadata, facts)
     select "ledgerId", id, "firstRevision", "createdMs", revision, status, facts->>'transferGroup',
            facts->'metadata', facts
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, "firstRevision" bigint, "createdMs" bigint, revision bigint, status text,
               facts jsonb)
     on conflict (ledger_id, id) do update
       set revision = excluded.revision, status = excluded.status, transfer_group = excluded.transfer_group,
           metadata = excluded.metadata, facts = excluded.facts`,
    [JSON.stringify(rows)],
  );
}

async function saveRefunds(sql: Sql, rows: readonly RefundRow[]): Promise<void> {
  await sql.query(
    `insert into read.refunds (ledger_id, id, created_revision, created_ms, revision, payment_id, status, facts)
     select "ledgerId", id, "firstRevision", "createdMs", revision, facts->>'payment', status, facts
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, "firstRevision" bigint, "createdMs" bigint, revision bigint, status text,
               facts jsonb)
     on conflict (ledger_id, id) do update
       set revision = excluded.revision, status = excluded.status, facts = excluded.facts`,
    [JSON.stringify(rows)],
  );
}

async function savePayouts(sql: Sql, rows: readonly PayoutRow[]): Promise<void> {
  await sql.query(
    `insert into read.payouts
            (ledger_id, id, created_revision, created_ms, revision, status, currency, metadata, facts)
     select "ledgerId", id, "firstRevision", "createdMs", revision, status, facts->>'currency', facts->'metadata',
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
