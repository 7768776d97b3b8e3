export { confirmClock } from './clock-confirmations';
export { openWriters } from './open-writers';
export type { Writers, WritersContext } from './open-writers';
export { postgresOwnership } from './postgres-ownership';
export { writerAlarms } from './writer-alarms';
export { writerLog } from './writer-log';
export { writerMetrics } from './writer-metrics';
