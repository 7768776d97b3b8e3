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

/** The clock of an organization that is not ours: it stands, or goes on so much ahead of ours (behind: negative). */
export type OwnClock = { readonly frozenAtMs: number } | { readonly aheadMs: number };

/** What time it is for organizations. */
export interface Clocks {
  /** `real`: as for everybody, for ever. Undefined: it is not known at the moment, so nothing may be decided. */
  clockOf(organizationId: string): OwnClock | 'real' | undefined;
  /** The organizations whose time is not ours. */
  moved(): ReadonlyMap<string, OwnClock>;
}

/** The time by such a clock, when ours says `realMs`. Milliseconds since the Unix epoch. */
export function timeBy(clock: OwnClock, realMs: number): number {
  return 'frozenAtMs' in clock ? clock.frozenAtMs : realMs + clock.aheadMs;
}
