export * from './api-key';
export * from './commands';
export { accessDomain } from './domain';
export * from './events';
export type * from './facts';
export type { AccessRecord } from './records';
export * from './scopes';
export * from './unit';
export * from './views';
