import { recordKeys } from '../records';
import type { PaymentsView } from '../records';
import type { FeeAdjustmentRecord, RailLineKind } from './fee-adjustment-facts';
import type { FeeReportRecord } from './fee-report-facts';

/** @param object a payment, refund or dispute, by its id */
export const feeAdjustmentKey = (kind: RailLineKind, object: string): string =>
  `${recordKeys.feeAdjustment}${kind}:${object}`;
export const feeReportKey = (rail: string, currency: string): string =>
  `${recordKeys.feeReport}${rail}:${currency}`;

/** How much more than what was expected is booked of a fee by now. Minor units, may be below zero. */
export function feeAdjustedOf(view: PaymentsView, kind: RailLineKind, object: string): bigint {
  const record = view.get(feeAdjustmentKey(kind, object));
  return BigInt(record?.kind === 'feeAdjustment' ? (record as FeeAdjustmentRecord).amount : '0');
}
export function feeReportOf(view: PaymentsView, key: string): FeeReportRecord | undefined {
  const record = view.get(key);
  return record?.kind === 'feeReport' ? (record as FeeReportRecord) : undefined;
}
