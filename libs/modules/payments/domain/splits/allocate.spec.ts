import fc from 'fast-check';
import { allocate, byLargestRemainder } from './allocate';
import type { PartyFacts } from './party';

const party = (more: Partial<PartyFacts>): PartyFacts => ({
  account: 'platform',
  fixedAmount: null,
  id: 'p',
  maxAmount: null,
  minAmount: null,
  remainder: false,
  role: 'r',
  shareBps: null,
  ...more,
});
const share = (shareBps: number, more: Partial<PartyFacts> = {}): PartyFacts => party({ shareBps, ...more });
const rest = party({ remainder: true });
const shares = (amount: bigint, ...parties: readonly PartyFacts[]) => {
  const allocation = allocate(amount, parties);
  if (allocation.kind === 'short') throw new Error(`short at ${allocation.party}`);
  return allocation.shares;
};
const amounts = (amount: bigint, ...parties: readonly PartyFacts[]) =>
  shares(amount, ...parties).map((each) => each.amount);
const sum = (values: readonly bigint[]): bigint => values.reduce((all, each) => all + each, 0n);
const huge = fc.bigInt({ min: 0n, max: 10n ** 36n });

describe('shares that are the whole', () => {
  it('are decided by largest remainder', () => {
    expect(byLargestRemainder(100n, [1n, 1n, 1n]).map(({ amount }) => amount)).toEqual([34n, 33n, 33n]);
    expect(amounts(101n, share(7000), share(2000), share(1000))).toEqual([71n, 20n, 10n]);
    expect(amounts(9007199254740993n, share(7000), share(2000), share(1000))).toEqual([
      6305039478318695n,
      1801439850948199n,
      900719925474099n,
    ]);
  });

  it('say why: the exact fraction, its floor, and the rank of what it leaves', () => {
    expect(shares(101n, share(7000), share(2000), share(1000), share(0))).toEqual([
      { amount: 71n, bound: null, exact: { numerator: 707n, denominator: 10n }, floor: 70n, rank: 1 },
      { amount: 20n, bound: null, exact: { numerator: 101n, denominator: 5n }, floor: 20n, rank: 2 },
      { amount: 10n, bound: null, exact: { numerator: 101n, denominator: 10n }, floor: 10n, rank: 3 },
      { amount: 0n, bound: null, exact: { numerator: 0n, denominator: 1n }, floor: 0n, rank: 4 },
    ]);
  });

  it('give the earlier party what is tied', () => {
    expect(amounts(1n, share(5000), share(5000))).toEqual([1n, 0n]);
    expect(amounts(3n, share(2500), share(2500), share(2500), share(2500))).toEqual([1n, 1n, 1n, 0n]);
  });

  it('leave nothing over, and are within a unit of what is exact, at any size', () => {
    const weights = fc
      .array(fc.nat(10_000), { minLength: 1, maxLength: 12 })
      .map((each) => each.map(BigInt))
      .filter((each) => sum(each) > 0n);
    fc.assert(
      fc.property(huge, weights, (amount, of) => {
        const whole = sum(of);
        const got = byLargestRemainder(amount, of).map((each) => each.amount);
        expect(sum(got)).toBe(amount);
        for (const [i, each] of got.entries()) {
          const off = each * whole - amount * (of[i] ?? 0n);
          expect(off > -whole && off < whole).toBe(true);
        }
      }),
    );
  });
});

describe('shares beside a party with the remainder', () => {
  it('are of the whole and rounded down, after fixed amounts', () => {
    expect(amounts(999n, rest, share(1000), party({ fixedAmount: '30' }))).toEqual([870n, 99n, 30n]);
    expect(amounts(0n, share(10_000), rest)).toEqual([0n, 0n]);
  });

  it('are held to their bounds', () => {
    const bounded = share(1000, { minAmount: '50', maxAmount: '200' });
    for (const [amount, gets, bound] of [
      [400n, 50n, 'min_amount'],
      [500n, 50n, null],
      [2009n, 200n, null],
      [2010n, 200n, 'max_amount'],
    ] as const) {
      const [first, second] = shares(amount, bounded, rest);
      expect([first?.amount, first?.bound, second?.amount]).toEqual([gets, bound, amount - gets]);
    }
  });

  it('are short where fixed amounts and minima are more than there is: the later party, fixed ones first', () => {
    const minimum = share(0, { minAmount: '50' });
    const fixed = party({ fixedAmount: '60' });
    expect(allocate(110n, [minimum, rest, fixed]).kind).toBe('allocated');
    expect(allocate(109n, [minimum, rest, fixed])).toEqual({ kind: 'short', party: 0, by: 1n });
    expect(allocate(59n, [minimum, rest, fixed])).toEqual({ kind: 'short', party: 2, by: 1n });
  });

  it('leave nothing over at any size', () => {
    fc.assert(
      fc.property(huge, fc.array(fc.nat(1000), { maxLength: 10 }), (amount, of) => {
        const got = amounts(amount, ...of.map((bps) => share(bps)), rest);
        expect(sum(got)).toBe(amount);
        expect(got.every((each) => each >= 0n)).toBe(true);
      }),
    );
  });
});
