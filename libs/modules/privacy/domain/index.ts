export type * from './commands';
export { decideDataSubjects } from './decide';
export * from './events';
export { evolveDataSubjects } from './evolve';
export type * from './facts';
export { dataSubjectPublicEvents } from './public-events';
export * from './records';
export * from './refusals';
export * from './views';
