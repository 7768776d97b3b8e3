export { MemoryCheckpointStore } from './memory-checkpoint-store';
export { PostgresDueStreams, postgresDueStreamsOf } from './postgres-due-streams';
export { PostgresCheckpointStore } from './postgres-checkpoint-store';
export { dropCheckpoints, selectCheckpointTexts } from './checkpoint-rows';
export { foldsOf } from './live-checkpoint';
