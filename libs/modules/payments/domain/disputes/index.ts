export * from './dispute-calls';
export type * from './dispute-commands';
export * from './dispute-facts';
export * from './dispute-refusals';
export * from './dispute-views';
export { showDispute } from './show-dispute';
