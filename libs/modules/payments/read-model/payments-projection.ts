import { journalPrefix } from '@fintech-ledger/envelope';
import { copyText } from '@fintech-ledger/postgres';
import type { Sql } from '@fintech-ledger/postgres';
import { copyRows, defineProjection, deleteOfLedger } from '@fintech-ledger/projection-runtime';
import { projectPayments } from './project';
import type { PaymentRows, StateRow } from './project';
import { saveBalances } from './save-balances';
import { saveFeeAdjustments } from './save-fee-adjustments';
import {
  saveDisputes,
  savePayments,
  savePayoutBatches,
  savePayouts,
  saveRefunds,
  saveSplits,
  saveTransfers,
} from './save-objects';

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
  // 3: each line is settled by the first end of its settlement after it, whatever the batches.
  version: 3,
  streamPrefixes: [journalPrefix],
  mayBeRebuilt: true,
  project: projectPayments,
  // What needs nothing of one another is asked for together.
  async save(sql, rows: PaymentRows) {
    await Promise.all([
      saveStates(sql, rows.states),
      savePayments(sql, rows.payments),
      saveRefunds(sql, rows.refunds),
      savePayouts(sql, rows.payouts),
      savePayoutBatches(sql, rows.payoutBatches),
      saveDisputes(sql, rows.disputes),
      saveTransfers(sql, rows.transfers),
      saveSplits(sql, rows.splits),
      saveFeeAdjustments(sql, rows.feeAdjustments),
      saveBalances(sql, rows),
    ]);
  },
  tables,
  resetStream: (sql, stream) => deleteOfLedger(sql, tables, stream),
});

async function saveStates(sql: Sql, rows: readonly StateRow[]): Promise<void> {
  await copyRows(
    sql,
    'read.payment_states (ledger_id, id, revision, recorded_ms, effective_ms, type, facts)',
    rows,
    (row) =>
      `${copyText(row.ledgerId)}\t${copyText(row.id)}\t${row.revision}\t${row.recordedMs}\t${row.effectiveMs}\t` +
      `${row.type}\t${copyText(row.facts)}`,
  );
}
