import fc from 'fast-check';
import { byLargestRemainder } from './allocate';
import { walkBack } from './walk-back';

const sum = (values: readonly bigint[]): bigint => values.reduce((all, each) => all + each, 0n);
const small = fc.array(fc.nat(40).map(BigInt), { minLength: 1, maxLength: 7 });
/** Amounts up to 10^36, often the same, or zero, or far apart. */
const huge = fc.array(
  fc.oneof(
    fc.bigInt({ min: 0n, max: 10n ** 36n }),
    fc.nat(3).map(BigInt),
    fc.constantFrom(0n, 10n ** 18n, 10n ** 18n + 1n, 10n ** 35n),
  ),
  { minLength: 1, maxLength: 10 },
);
const millionths = fc.nat(1_000_000).map(BigInt);
const partOf = (all: bigint, part: bigint): bigint => (all * part) / 1_000_000n;

/** The rule itself, unit by unit: what is taken after each. */
function unitByUnit(got: readonly bigint[]): readonly (readonly bigint[])[] {
  const taken = got.map(() => 0n);
  const states = [[...taken]];
  for (let total = 0n; total < sum(got); total += 1n) {
    let best = 0;
    for (const [i, each] of got.entries()) {
      const [one, other] = [
        each * (2n * (taken[best] ?? 0n) + 1n),
        (got[best] ?? 0n) * (2n * (taken[i] ?? 0n) + 1n),
      ];
      if (one > other) best = i;
    }
    taken[best] = (taken[best] ?? 0n) + 1n;
    states.push([...taken]);
  }
  return states;
}

describe('what a refund takes back', () => {
  it('is what the rule takes unit by unit', () => {
    fc.assert(
      fc.property(small, (got) => {
        for (const [total, taken] of unitByUnit(got).entries())
          expect(walkBack(got, BigInt(total))).toEqual(taken);
      }),
    );
  });

  it('takes ties from the earlier party', () => {
    expect(walkBack([1n, 1n, 1n], 1n)).toEqual([1n, 0n, 0n]);
    expect(walkBack([1n, 1n, 1n], 2n)).toEqual([1n, 1n, 0n]);
    expect(walkBack([2n, 0n, 2n], 1n)).toEqual([1n, 0n, 0n]);
  });

  it('leaves every party at zero once all is refunded', () => {
    const got = byLargestRemainder(10_000n, [1n, 1n, 1n]).map(({ amount }) => amount);
    expect([3333n, 6666n, 10_000n].map((total) => walkBack(got, total))).toEqual([
      [1111n, 1111n, 1111n],
      [2222n, 2222n, 2222n],
      [3334n, 3333n, 3333n],
    ]);
    fc.assert(fc.property(huge, (of) => expect(walkBack(of, sum(of))).toEqual(of)));
    expect(walkBack([0n, 0n], 0n)).toEqual([0n, 0n]);
  });

  it('is the whole of the refund, and never more than a party got, or less than before', () => {
    fc.assert(
      fc.property(huge, millionths, millionths, (got, one, other) => {
        const all = sum(got);
        const [less, more] = [one < other ? one : other, one < other ? other : one];
        const [first, second] = [walkBack(got, partOf(all, less)), walkBack(got, partOf(all, more))];
        expect([sum(first), sum(second)]).toEqual([partOf(all, less), partOf(all, more)]);
        for (const [i, each] of got.entries()) {
          const [before, after] = [first[i] ?? -1n, second[i] ?? -1n];
          expect([before >= 0n, before <= after, after <= each]).toEqual([true, true, true]);
        }
      }),
    );
  });

  it('is by the priorities of the rule at any size: none that is left is above one that was taken', () => {
    fc.assert(
      fc.property(huge, millionths, (got, part) => {
        const taken = walkBack(got, partOf(sum(got), part));
        for (const [i, one] of got.entries())
          for (const [j, other] of got.entries()) {
            const [last, next] = [taken[i] ?? 0n, taken[j] ?? 0n];
            if (last === 0n) continue;
            const [of, against] = [one * (2n * next + 1n), other * (2n * last - 1n)];
            expect(of > against || (of === against && i <= j)).toBe(true);
          }
      }),
    );
  });

  it('is asked of what there is', () => {
    for (const total of [-1n, 4n]) expect(() => walkBack([1n, 2n], total)).toThrow(RangeError);
  });
});
