/** Injected everywhere, so that tests and test clocks move it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Why what `nowMs` said last must not be recorded at the moment, or undefined. */
  doubt?(): string | undefined;
  /** Whether an operator has confirmed that events were recorded at this time, although it is ahead of the clock. */
  isConfirmed?(recordedAtMs: number): boolean;
}

export const systemClock: Clock = { nowMs: () => Date.now() };
