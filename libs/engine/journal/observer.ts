/** What a writer tells about itself: for logs, metrics and alarms. Nothing here may throw. */
export interface WriterObserver {
  loaded(stream: string, revision: number, replayedEvents: number, tookMs: number): void;
  appended(stream: string, events: number, commands: number, tookMs: number): void;
  refused(stream: string, code: string): void;
  replayed(stream: string): void;
  conflict(stream: string, inARow: number): void;
  outcomeUnknown(stream: string, error: Error): void;
  /**
   * Records whose time has come can't be handled, such as a hold that can't be released; it is tried again, later and later. An alarm.
   * @param keys empty: none of the stream can, because its writer can't be loaded
   */
  dueFailed(stream: string, keys: readonly string[], reason: string): void;
  /** Nothing of the stream is left of what `dueFailed` told. */
  dueRecovered(stream: string): void;
  /** The event store was found to be unavailable, or to be there again. An alarm. */
  storeChanged(isAvailable: boolean, reason: string): void;
  /** The clock is not believed, and commands are refused; undefined: it is believed again. An alarm. */
  clockDoubted(reason: string | undefined): void;
  checkpointSaved(stream: string, revision: number, rows: number, tookMs: number): void;
  checkpointDropped(stream: string, reason: string): void;
  checkpointFailed(stream: string, error: Error): void;
  /** An alarm when the reason is a BrokenInvariant. */
  stopped(stream: string, reason: Error): void;
}

const nothing = (): void => undefined;

export const silentObserver: WriterObserver = {
  loaded: nothing,
  appended: nothing,
  refused: nothing,
  replayed: nothing,
  conflict: nothing,
  outcomeUnknown: nothing,
  dueFailed: nothing,
  dueRecovered: nothing,
  storeChanged: nothing,
  clockDoubted: nothing,
  checkpointSaved: nothing,
  checkpointDropped: nothing,
  checkpointFailed: nothing,
  stopped: nothing,
};
