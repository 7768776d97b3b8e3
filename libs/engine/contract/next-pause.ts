/**
 * How long to wait before the next attempt: twice as long as before the last one, within bounds.
 * @param lastMs 0: there was no pause yet
 */
export function nextPause(lastMs: number, minMs: number, maxMs: number): number {
  return Math.min(Math.max(lastMs * 2, minMs), maxMs);
}

/**
 * How long to wait after failures in a row: twice as long after each.
 * @param failures 0: this is the first one
 */
export function pauseAfter(failures: number, firstMs: number, maxMs: number): number {
  return Math.min(maxMs, firstMs * 2 ** failures);
}

/**
 * As `pauseAfter`, shortened at random by up to a half, so that those who failed together don't try again together.
 * @param random from 0 up to 1
 */
export function jitteredPauseAfter(
  failures: number,
  firstMs: number,
  maxMs: number,
  random: () => number = Math.random,
): number {
  return pauseAfter(failures, firstMs, maxMs) * (0.5 + random() / 2);
}
