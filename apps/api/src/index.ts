export { createApi } from './create-api';
export { openReadPools } from './read-pools';
export { firstKeyInTime } from './first-key';
export { followKeys } from './follow-keys';
export { serveApi } from './serve-api';
export type { ApiDeps } from './api-deps';
export type { ApiLog, ApiMetrics } from '@fintech-ledger/http';
export { postgresProjectionQueries } from './operations/projection-queries';
