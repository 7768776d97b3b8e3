export { openWriters } from './open-writers';
export type { Writers, WritersContext } from './open-writers';
export { postgresOwnership } from './postgres-ownership';
export { writerLog } from './writer-log';
export { writerMetrics } from './writer-metrics';
