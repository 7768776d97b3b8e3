export type { AdjustFees, RecordFeeReport, ReportedFee } from './fee-adjustment-commands';
export { isFeeAdjustment, isFeeComparison, isFeeReport } from './fee-adjustment-events';
export type { FeeAdjustmentEvent, FeeComparisonEvent } from './fee-adjustment-events';
export * from './fee-adjustment-facts';
export * from './fee-report-calls';
export * from './fee-report-facts';
export * from './show-fee-adjustment';
