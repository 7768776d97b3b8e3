import * as fc from 'fast-check';
import { dealAt } from './deal';
import type { RateFacts } from './facts';
import { decimalOf, fractionOf, isBelow, midOf, perMinorUnit, ratioOf, timesDown } from './rate';
import type { Fraction } from './rate';

// Exponents 0, 2, 3 and 4.
const exponents = { JPY: 0, USD: 2, KWD: 3, CLF: 4 } as const;
type Code = keyof typeof exponents;
const codes = Object.keys(exponents) as Code[];
const decimals = fc
  .tuple(fc.bigInt(1n, 10n ** 18n), fc.integer({ min: 0, max: 18 }))
  .map(([digits, point]) =>
    decimalOf({ denominator: String(10n ** BigInt(point)), numerator: String(digits) }),
  );
const pairs = fc
  .tuple(fc.constantFrom(...codes), fc.constantFrom(...codes))
  .filter(([base, quote]) => base !== quote);
const rates = fc.tuple(pairs, decimals, decimals).map(([[base, quote], one, other]): RateFacts => {
  const [a, b] = [fractionOf(one), fractionOf(other)];
  const [bid, ask] = isBelow(ratioOf(a), ratioOf(b)) ? [a, b] : [b, a];
  const of = { ask, base, bid, quote, id: 'fxr_1', livemode: false, source: 'test' };
  return { ...of, createdAt: '2026-01-05T12:00:00.000Z', validFrom: '2026-01-05T12:00:00.000Z' };
});
const amounts = fc.bigInt(1n, 10n ** 36n - 1n);

/** From the definition, by cross-multiplication: x is the largest whole number that is not above amount × of / over. */
function isFloor(x: bigint, amount: bigint, of: bigint, over: bigint): boolean {
  return x * over <= amount * of && (x + 1n) * over > amount * of;
}

describe('a rate', () => {
  it('is shown as it was given', () => {
    fc.assert(fc.property(decimals, (text) => decimalOf(fractionOf(text)) === text));
    for (const text of ['1', '1.0900', '0.000000000000000001', '999999999999.5', '0.10'])
      expect(decimalOf(fractionOf(text))).toBe(text);
  });

  it('has a middle that is as far from the one as from the other', () => {
    fc.assert(
      fc.property(decimals, decimals, (one, other) => {
        const [a, b, mid] = [fractionOf(one), fractionOf(other), midOf(fractionOf(one), fractionOf(other))];
        const [x, y, m] = [ratioOf(a), ratioOf(b), ratioOf(mid)];
        expect(mid.denominator).toMatch(/^10*$/);
        expect(2n * m.of * x.over * y.over).toBe((x.of * y.over + y.of * x.over) * m.over);
      }),
    );
  });
});

describe('a conversion', () => {
  it('is rounded down once, for exponents 0, 2, 3 and 4 and amounts of any size', () => {
    fc.assert(
      fc.property(rates, fc.boolean(), amounts, (rate, isSold, given) => {
        const [from, to] = isSold ? [rate.base, rate.quote] : [rate.quote, rate.base];
        const deal = dealAt(rate, { amount: String(given), currency: from });
        const [of, over] = [10n ** BigInt(exponents[to as Code]), 10n ** BigInt(exponents[from as Code])];
        const exact = (at: Fraction): readonly [bigint, bigint] => {
          const { of: n, over: d } = ratioOf(at);
          return isSold ? [n * of, d * over] : [d * of, n * over];
        };
        const got = BigInt(deal.to.amount);
        expect(isFloor(got, given, ...exact(rate[deal.side]))).toBe(true);
        expect(isFloor(BigInt(deal.cost), given, ...exact(midOf(rate.bid, rate.ask)))).toBe(true);
        expect(BigInt(deal.spread)).toBe(BigInt(deal.cost) - got);
        expect(BigInt(deal.spread)).toBeGreaterThanOrEqual(0n);
        expect(deal.side).toBe(isSold ? 'bid' : 'ask');
      }),
      { numRuns: Number(process.env['FX_RUNS'] ?? 2_000) },
    );
  });

  it('never gives back more than was given, there and back again', () => {
    fc.assert(
      fc.property(rates, amounts, (rate, given) => {
        const there = dealAt(rate, { amount: String(given), currency: rate.base }).to;
        const back = dealAt(rate, there).to;
        expect(BigInt(back.amount)).toBeLessThanOrEqual(given);
      }),
    );
  });

  it.each([
    ['1', '1', 'USD', 'KWD', '9007199254740993', '90071992547409930'],
    ['1.5', '1.5', 'USD', 'KWD', '9007199254740993', '135107988821114895'],
    ['0.1', '0.1', 'USD', 'JPY', '9007199254740993', '9007199254740'],
    ['150', '150', 'USD', 'JPY', '9007199254740993', '13510798882111489'],
    ['1.0925', '1.0925', 'CLF', 'USD', '9007199254740993', '98403651858045'],
  ])('at %s / %s of %s in %s: %s is %s', (bid, ask, base, quote, given, got) => {
    const at = { createdAt: '', validFrom: '' };
    const of = { base, quote, id: 'fxr_1', livemode: false, source: 'test', ...at };
    const rate = { ...of, ask: fractionOf(ask), bid: fractionOf(bid) };
    expect(dealAt(rate, { amount: given, currency: base }).to).toEqual({ amount: got, currency: quote });
  });

  it('rounds towards what is less, below zero too', () => {
    const half = { of: 1n, over: 2n };
    expect([3n, -3n, 4n, -4n, 0n].map((each) => timesDown(each, half))).toEqual([1n, -2n, 2n, -2n, 0n]);
    expect(perMinorUnit(fractionOf('150'), { base: 'USD', quote: 'JPY' })).toEqual({ of: 150n, over: 100n });
  });
});
