export { testDatabase } from './database/test-database';
export type { TestDatabase } from './database/test-database';
export { tamper } from './database/tamper';
export { checkpointsApart } from './database/checkpoints-apart';
export { BruteForceBooks } from './builders/brute-force-books';
export type { BookEntry } from './builders/brute-force-books';
export { JournalBuilder } from './builders/journal-builder';
export { randomJournal } from './builders/random-journal';
export type { RandomJournalOptions } from './builders/random-journal';
export { ScriptedFeed } from './feed/scripted-feed';
export { FaultyEventStore } from './faults/faulty-event-store';
export type { FaultRates, FaultyEventStoreOptions } from './faults/faulty-event-store';
export { seededRandom } from './faults/seeded-random';
export { tcpProxy } from './faults/tcp-proxy';
export type { ProxyFault, TcpProxy } from './faults/tcp-proxy';
export { startEventStoreDbServer } from './eventstoredb-server/start-eventstoredb-server';
export type {
  EventStoreDbServer,
  EventStoreDbServerOptions,
} from './eventstoredb-server/eventstoredb-server';
export type { ServerFault } from './eventstoredb-server/server-faults';
export { selfSignedCertificate } from './certificates/self-signed-certificate';
export type { Certificate } from './certificates/self-signed-certificate';
export { startKafkaProcess } from './kafka/kafka-process';
export type { KafkaProcess } from './kafka/kafka-process';
export { testKafka } from './kafka/test-kafka';
export type { TestKafka } from './kafka/test-kafka';
