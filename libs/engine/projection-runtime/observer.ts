import type { Advance } from './admit';

/** What an operator has to know at once. */
export interface Alarm {
  readonly projection: string;
  /** The stream that is halted, while all others go on; absent: the whole projection does. */
  readonly stream?: string;
  /** Names the event, what is wrong with it, and what to do. */
  readonly reason: string;
  readonly cause: unknown;
}

export interface BatchApplied {
  readonly projections: readonly string[];
  readonly events: number;
  readonly seconds: number;
  /** Milliseconds since 1970 when the last event was recorded; null when that is not known. */
  readonly recordedMs: number | null;
}

/** What a projector tells others. Its methods must not throw. */
export interface ProjectorObserver {
  /** These streams are at least that far in a projection's rows: wakes who waits for a position. */
  progressed?(projection: string, advances: readonly Advance[]): void;
  applied?(batch: BatchApplied): void;
  /** A stream could not go on, and is read again from the event store; which most often ends it. */
  suspended?(alarm: Alarm): void;
  /** Reading the stream again did not help; it is tried again from time to time. Told once for each stream that halts. */
  halted?(alarm: Alarm): void;
  /** A stream that had halted goes on. */
  resumed?(stream: { readonly projection: string; readonly stream: string; readonly revision: number }): void;
  /** The rows of a halted stream are read by nobody any more: they were of a side that a rebuild has replaced. */
  forgotten?(stream: { readonly projection: string; readonly stream: string }): void;
  /** Something in the feed is no event; it was passed over. */
  foreign?(reason: string): void;
  /** Tries again after `delayMs`. */
  retrying?(error: unknown, delayMs: number): void;
}
