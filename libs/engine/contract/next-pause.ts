/**
 * How long to wait before the next attempt: twice as long as before the last one, within bounds.
 * @param lastMs 0: there was no pause yet
 */
export function nextPause(lastMs: number, minMs: number, maxMs: number): number {
  return Math.min(Math.max(lastMs * 2, minMs), maxMs);
}
