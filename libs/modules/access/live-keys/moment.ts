/** A point in time, on two clocks: one does not go on while the machine sleeps, the other may be set. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export const presentMoment = (): Moment => ({ monotonicMs: performance.now(), wallMs: Date.now() });

/** How long ago it was at most. */
export function elapsedMs(since: Moment, now: Moment): number {
  return Math.max(now.monotonicMs - since.monotonicMs, now.wallMs - since.wallMs);
}
