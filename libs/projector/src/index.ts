export { projectInto, startProjector } from './start-projector';
export type { RunningProjector } from './start-projector';
export { watchStreams } from './watch-streams';
