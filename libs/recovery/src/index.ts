export { findDifferences } from './find-differences';
export type { Difference } from './find-differences';
export { StillRunning } from './check-stopped';
export { recover } from './recover';
export type { Recovered, RecoverOptions } from './recover';
