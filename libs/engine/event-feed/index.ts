export * from './port';
export { directEventFeed } from './adapters/direct/direct-event-feed';
export { kafkaEventFeed } from './adapters/kafka/kafka-event-feed';
export type { Relayed, RelayedFrom } from './adapters/kafka/unsent';
export type { KafkaFeedOptions } from './adapters/kafka/kafka-feed-reader';
