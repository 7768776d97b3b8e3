import type { EventStore, GlobalPosition, RecordedEvent } from './port';

/** What one read of the log found. */
export interface EventsAfter {
  readonly events: readonly RecordedEvent[];
  /** Where the next read goes on; undefined while the log is empty. */
  readonly position: GlobalPosition | undefined;
  /** Nothing is left of what was stored before this read began. */
  readonly isAll: boolean;
}

/** Reads the log up to its end, so that who asks knows as of when everything is known. A subscription never says so. */
export interface LogReader {
  /**
   * What was stored after this position (absent: from the beginning) in streams whose name starts with one of
   * these, oldest first.
   * @throws StoreUnavailable
   * @throws PositionUnknown the position is not of this store, or the store is an older one of its own
   */
  readAfter(after: GlobalPosition | undefined, streamPrefixes: readonly string[]): Promise<EventsAfter>;
}

export type EventStoreWithLog = EventStore & LogReader;
