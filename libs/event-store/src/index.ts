export * from './port';
export * from './limits';
export { MemoryEventStore } from './adapters/memory/memory-event-store';
export { PostgresEventStore } from './adapters/postgres/postgres-event-store';
export type { PostgresEventStoreOptions } from './adapters/postgres/postgres-event-store';
export { openEventStoreDb } from './adapters/eventstoredb/open-eventstoredb';
export type { EventStoreDbOptions } from './adapters/eventstoredb/eventstoredb-event-store';
export { EventStoreUrlInvalid } from './adapters/eventstoredb/event-store-url';
export { tracedEventStore } from './traced-event-store';
