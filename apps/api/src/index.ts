export { createApi } from './create-api';
export { watchApi } from './operations/watch-api';
export { observeProjections } from './observe-projections';
export type { ApiDeps, ApiLog, ApiMetrics } from './api-deps';
