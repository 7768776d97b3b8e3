export { testDatabase } from './database/test-database';
export type { TestDatabase } from './database/test-database';
export { JournalBuilder } from './builders/journal-builder';
export { ScriptedFeed } from './feed/scripted-feed';
export { FaultyEventStore } from './faults/faulty-event-store';
export type { FaultRates, FaultyEventStoreOptions } from './faults/faulty-event-store';
export { seededRandom } from './faults/seeded-random';
export { tcpProxy } from './faults/tcp-proxy';
export type { ProxyFault, TcpProxy } from './faults/tcp-proxy';
