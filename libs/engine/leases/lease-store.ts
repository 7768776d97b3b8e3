/** A stream is written here (`epoch` counts its changes of owner), or by another living process. */
export type LeaseAnswer =
  | { readonly kind: 'held'; readonly epoch: number }
  | { readonly kind: 'owned_by'; readonly ownerId: string; readonly address: string };

/**
 * The leases of one process (an owner). They say who should write a stream, for liveness only: an owner that does not know yet
 * that it lost a lease is stopped by the expected revision of its next append.
 */
export interface LeaseStore {
  /**
   * Takes the stream's lease when it is free, given up, or its owner has expired; renews this owner as well.
   * @throws StoreUnavailable the leases can't be reached, or `close()` was called
   */
  acquire(stream: string): Promise<LeaseAnswer>;
  /** Gives one stream up as finished, so that others need not wait. Never throws. */
  release(stream: string): Promise<void>;
  /**
   * Renews this owner, and so all of its leases; must happen well within the time to live.
   * @returns streams that others took because this owner had expired in between
   * @throws StoreUnavailable
   */
  heartbeat(): Promise<readonly string[]>;
  /**
   * Whether the stream is known to be this owner's, without asking anybody: a heartbeat has said so that began no
   * longer ago than `knownMsOf` the time to live (or `withinMs`, if that is shorter), and nothing that ends leases was
   * noticed since. False: it is not known, before the next heartbeat.
   */
  holds(stream: string, withinMs?: number): boolean;
  /**
   * Gives everything up at once. What was not released before is left as by an owner that died: others may take it, and see that it was not
   * finished. Never throws: what can't be given up expires.
   */
  close(): Promise<void>;
}

export interface LeaseOwner {
  /** Of this run of this process; never used again. */
  readonly ownerId: string;
  /** Where other processes hand commands over. */
  readonly address: string;
  /**
   * Of what at most one process can be at a time, such as a locked data folder: after a crash the next one need not wait for
   * its predecessor's leases to expire.
   */
  readonly instanceId?: string;
}
