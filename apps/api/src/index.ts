export { createApi } from './create-api';
export { openReadPools } from './read-pools';
export { readSideOf } from './read-side';
export { importSpoolOf } from './import-spool';
export { watchApi } from './operations/watch-api';
export { observeProjections } from './observe-projections';
export type { ApiDeps } from './api-deps';
export type { ApiLog, ApiMetrics } from '@fintech-ledger/http';
export { postgresProjectionQueries } from './operations/projection-queries';
