export { createApi } from './create-api';
export { observeProjections } from './observe-projections';
export type { ApiDeps, ApiLog, ApiMetrics } from './api-deps';
