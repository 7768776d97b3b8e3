export type { AdjustFee, RecordFeeReport, ReportedFee } from './fee-adjustment-commands';
export { isFeeAdjustment, isFeeReport } from './fee-adjustment-events';
export type { FeeAdjustmentEvent } from './fee-adjustment-events';
export * from './fee-adjustment-facts';
export * from './fee-report-calls';
export * from './fee-report-facts';
export * from './show-fee-adjustment';
