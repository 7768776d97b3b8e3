export { MemoryCheckpointStore } from './memory-checkpoint-store';
export { PostgresCheckpointStore } from './postgres-checkpoint-store';
