import type { HeldReserve } from '../reserves/reserve-events';
import { daysAfter, midnightOf, nextMidnight } from './schedule-time';
import { delayDaysMax } from './schedule-facts';
import type { YoungHolds, YoungMoneyRecord } from './young-record';

const dayMs = 86_400_000;
const partsOf = (hold: string): readonly [string, string] => {
  const [from = '', until = ''] = hold.split(' ');
  return [from, until];
};

/**
 * With what is held of what becomes available. What is over is let go: it is released, or nothing that was available so
 * long ago is young.
 */
export function withHold(
  known: YoungMoneyRecord,
  { amount, days, releaseOn }: HeldReserve,
  now: string,
): YoungMoneyRecord {
  const from = nextMidnight(new Date(Date.parse(releaseOn) - days * dayMs).toISOString());
  const until = nextMidnight(releaseOn);
  const today = midnightOf(now);
  const all = Object.entries(known.held ?? {}).filter(([hold]) => {
    const [since, over] = partsOf(hold);
    return over > today && daysAfter(since, delayDaysMax) > today;
  });
  const held = new Map(all);
  const hold = `${from} ${until}`;
  held.set(hold, String(BigInt(held.get(hold) ?? '0') + BigInt(amount)));
  return { ...known, held: Object.fromEntries(held) };
}

/** What is held still at a moment, by the first run at which it would have been available. */
export function heldAt(held: YoungHolds = {}, at: string): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const [hold, amount] of Object.entries(held)) {
    const [from, until] = partsOf(hold);
    if (until > at) sums.set(from, (sums.get(from) ?? 0n) + BigInt(amount));
  }
  return sums;
}
