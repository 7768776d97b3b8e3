import { describeCheckpointStore } from './contract-suite';
import { MemoryCheckpointStore } from './memory-checkpoint-store';

describeCheckpointStore('memory', () => Promise.resolve(new MemoryCheckpointStore()));
