/** A stream in which something may be due. */
export interface DueStream {
  readonly stream: string;
  /** Records that are due by its checkpoint; its writer may know of more. */
  readonly records: number;
}

/** Says in which of some streams something may be due. */
export interface DueStreamsOf {
  /**
   * Of these streams those of which a record is due by then, by their checkpoint, and those that some process writes,
   * whose checkpoint may not have all.
   * @param until RFC 3339
   * @throws StoreUnavailable
   */
  dueOf(streams: readonly string[], until: string): Promise<readonly DueStream[]>;
}
