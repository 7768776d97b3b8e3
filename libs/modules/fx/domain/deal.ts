import type { DealFacts, Money, RateFacts } from './facts';
import { inverse, midOf, perMinorUnit, timesDown } from './rate';
import type { Fraction, Ratio } from './rate';

/**
 * What money comes to at a rate. Each figure is rounded down once: `to` of what is given at bid, or at the inverse of
 * ask; the cost at mid. As mid is never the worse one, the spread is never below zero. An amount may come to zero.
 */
export function dealAt(rate: RateFacts, from: Money): DealFacts {
  const pair = { base: rate.base, quote: rate.quote };
  const side = from.currency === rate.base ? 'bid' : 'ask';
  const given = BigInt(from.amount);
  const worth = (at: Fraction): bigint => {
    const each: Ratio = perMinorUnit(at, pair);
    return timesDown(given, side === 'bid' ? each : inverse(each));
  };
  const [to, cost] = [worth(rate[side]), worth(midOf(rate.bid, rate.ask))];
  return {
    cost: String(cost),
    from,
    pair,
    rate: rate[side],
    rateId: rate.id,
    side,
    spread: String(cost - to),
    to: { amount: String(to), currency: side === 'bid' ? rate.quote : rate.base },
  };
}
