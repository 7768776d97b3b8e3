export type { AdjustFee } from './fee-adjustment-commands';
export { isFeeAdjustment } from './fee-adjustment-events';
export type { FeeAdjustmentEvent } from './fee-adjustment-events';
export * from './fee-adjustment-facts';
export * from './show-fee-adjustment';
