export { createApi } from './create-api';
export type { ApiDeps, ApiLog, ApiMetrics, HealthCheck } from './api-deps';
