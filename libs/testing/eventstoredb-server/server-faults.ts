/** What the server can be told to do wrong. All but the last four are about one append. */
export type ServerFault =
  /** Stored, and never answered. */
  | 'drop_reply'
  /** The node dies before it stores. */
  | 'crash_before_commit'
  /** The node dies after it has stored, and before it answers. */
  | 'crash_after_commit'
  /** Stored, and answered that it is not known whether it was. */
  | 'timeout'
  /** Not stored, and answered that the server is not ready. */
  | 'not_ready'
  /** The next call (read, append or subscription) ends with UNAVAILABLE before anything is done. */
  | 'unavailable'
  /** The next subscription is ended by the server after two events, as of a consumer that is too slow. */
  | 'slow_consumer'
  /** The next subscription begins with up to three events too early. */
  | 'duplicate'
  /** The next subscription is never confirmed. */
  | 'silence';

/** Faults that wait for their turn. */
export class ServerFaults {
  /** Every answer to an append is held back for this long. */
  delayMs = 0;
  /** What is stored gets into the index, and is answered, so much later; a repetition of it meanwhile is dropped without an answer. */
  indexMs = 0;
  private readonly waiting = new Map<ServerFault, number>();

  /** The next `times` times that this fault can happen it does. */
  inject(fault: ServerFault, times = 1): void {
    this.waiting.set(fault, (this.waiting.get(fault) ?? 0) + times);
  }

  clear(): void {
    this.waiting.clear();
    this.delayMs = 0;
    this.indexMs = 0;
  }

  /** @returns whether it is to happen now */
  take(fault: ServerFault): boolean {
    const times = this.waiting.get(fault) ?? 0;
    if (times > 0) this.waiting.set(fault, times - 1);
    return times > 0;
  }
}
