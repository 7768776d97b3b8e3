export { ConfigInvalid } from './config';
export type { Config, LogLevel } from './config';
export { readConfig } from './read-config';
export type { Environment } from './read-config';
export { testDatabaseUrl } from './test-database-url';
export { testEventStoreUrl } from './test-event-store-url';
