/**
 * Milliseconds since `begin`, by the clock by which more have passed: the monotonic one may stop while a machine
 * sleeps, and the other one may be set back.
 */
export function elapsedMs(begin: Instant): number {
  const now = instant();
  return Math.max(now.monotonicMs - begin.monotonicMs, now.wallMs - begin.wallMs);
}

export interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export const instant = (): Instant => ({ monotonicMs: performance.now(), wallMs: Date.now() });
