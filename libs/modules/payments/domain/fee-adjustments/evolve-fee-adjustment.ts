import { BrokenInvariant } from '@fintech-ledger/contract';
import { isBankCharge } from '../bank-charges/bank-charge-events';
import { nettingKey, nettingOf } from '../records';
import type { PaymentsChange, PaymentsView } from '../records';
import { isFeeAdjustment, isFeeComparison } from './fee-adjustment-events';
import type { FeeAdjustmentEvent, FeeEvent, FeeReportEvent } from './fee-adjustment-events';
import { feeAdjustedOf, feeAdjustmentKey, feeReportKey, feeReportOf } from './fee-records';

/** @throws BrokenInvariant it contradicts the state */
export function evolveFees(view: PaymentsView, event: FeeEvent): readonly PaymentsChange[] {
  // It is on accounts alone: its line is a record of another module.
  if (isFeeComparison(event) || isBankCharge(event)) return [];
  return isFeeAdjustment(event) ? evolveFeeAdjustment(view, event) : [evolveFeeReport(view, event)];
}

/** A reading that begins is of all days before its end: what is noted after that is for the next one. */
function evolveFeeReport(view: PaymentsView, { data, type }: FeeReportEvent): PaymentsChange {
  const { feeReport: report } = data;
  const { call, currency, rail, to } = report;
  const key = feeReportKey(rail, currency);
  const before = feeReportOf(view, key)?.unread ?? null;
  const isNew = type === 'FeeReportAsked' && call.attempt === 1;
  const left = before !== null && before.last >= to ? { first: to, last: before.last } : null;
  return { key, record: { kind: 'feeReport', currency, rail, report, unread: isNew ? left : before } };
}

/** The line has the reported fee, and the rail keeps the difference back. @throws BrokenInvariant it has another one */
function evolveFeeAdjustment(
  view: PaymentsView,
  { data: { feeAdjustment } }: FeeAdjustmentEvent,
): readonly PaymentsChange[] {
  const { amount: more, currency, expected, kind, object, rail, reported } = feeAdjustment;
  const adjusted = feeAdjustedOf(view, kind, object) + BigInt(more);
  if (BigInt(expected) + adjusted !== BigInt(reported))
    throw new BrokenInvariant(
      `the ${kind} ${object} has a fee of ${expected} and ${adjusted}, not ${reported}`,
    );
  const kept = nettingOf(view, rail, currency) + BigInt(more);
  return [
    { key: feeAdjustmentKey(kind, object), record: { kind: 'feeAdjustment', amount: String(adjusted) } },
    { key: nettingKey(rail, currency), record: { kind: 'netting', amount: String(kept) } },
  ];
}
