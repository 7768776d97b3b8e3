export { loadCheckpoint as loadRelayCheckpoint } from './checkpoint';
export { kafkaTarget } from './kafka-target';
export type { KafkaTargetOptions } from './kafka-target';
export type { RelayObserver } from './observer';
export { Relay } from './relay';
export type { RelayOptions } from './relay';
