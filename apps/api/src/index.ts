export { createApi } from './create-api';
export { rowAlarms } from './operations/row-alarms';
export { watchApi } from './operations/watch-api';
export { observeProjections } from './observe-projections';
export type { ApiDeps, ApiLog, ApiMetrics } from '@fintech-ledger/http';
