export { ConfigInvalid } from './config';
export type { Config, KafkaConfig, LogLevel } from './config';
export type { TracingConfig } from './tracing-config';
export { readConfig } from './read-config';
export type { Environment } from './read-config';
export { testDatabaseUrl } from './test-database-url';
export { testKafkaBrokers } from './test-kafka-brokers';
export { testEventStoreUrl } from './test-event-store-url';
