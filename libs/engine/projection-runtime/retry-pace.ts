/** The share of the time that reading halted streams again may take: the first time most often ends the halt. */
const firstShare = 1 / 5;
const laterShare = 1 / 25;
const restMsMax = 5_000;

/**
 * How long to rest after a stream was read again. The streams share one pace: however many are halted, the others lose
 * no more than that share of the process and of its database.
 */
export function restAfter(tookMs: number, isFirst: boolean): number {
  const share = isFirst ? firstShare : laterShare;
  return Math.min(restMsMax, tookMs * (1 / share - 1));
}
