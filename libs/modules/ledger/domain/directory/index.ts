export * from './commands';
export * from './decide';
export * from './events';
export * from './evolve';
export type * from './facts';
export { ledgerKey, unitKey } from './records';
export type { DirectoryRecord } from './records';
export * from './refusals';
export * from './unit';
