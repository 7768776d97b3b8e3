import type { Advance } from './admit';

/** What an operator has to know at once: a projection stands still until somebody has looked. */
export interface Alarm {
  readonly projection: string;
  /** Names the event and what is wrong with it. */
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
  halted?(alarm: Alarm): void;
  /** Tries again after `delayMs`. */
  retrying?(error: unknown, delayMs: number): void;
}
