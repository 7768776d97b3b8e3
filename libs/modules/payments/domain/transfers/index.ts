export type * from './transfer-commands';
export * from './transfer-facts';
export * from './transfer-refusals';
export * from './transfer-views';
export { showTransfer } from './show-transfer';
