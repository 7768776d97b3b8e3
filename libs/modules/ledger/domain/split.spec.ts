import fc from 'fast-check';
import { basisPointsWhole, InvalidSplit, splitByWeights } from './split';

const amounts = fc.bigInt({ min: 0n, max: 10n ** 36n - 1n });
const weights = fc.array(fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 2 ** 40 })), {
  minLength: 1,
  maxLength: 40,
});
const sum = (parts: readonly bigint[]): bigint => parts.reduce((a, b) => a + b, 0n);

describe('splitByWeights', () => {
  it.each<[bigint, number[], bigint[]]>([
    [100n, [1, 1, 1], [34n, 33n, 33n]],
    [10_000n, [9_700, 300], [9_700n, 300n]],
    [1_001n, [9_710, 290], [972n, 29n]],
    [2n, [1, 1, 1], [1n, 1n, 0n]],
    [5n, [1, 3], [1n, 4n]],
    [0n, [5, 1], [0n, 0n]],
    [7n, [basisPointsWhole], [7n]],
  ])('%s by %j is %j', (amount, parts, expected) => {
    expect(splitByWeights(amount, parts)).toEqual(expected);
  });

  it.each([[[]], [[0]], [[1, -1]], [[1.5]], [[Number.NaN]], [[2 ** 53]], [[Infinity]]])(
    'refuses %j',
    (parts) => {
      expect(() => splitByWeights(1n, parts)).toThrow(InvalidSplit);
    },
  );

  it('refuses a negative amount', () => {
    expect(() => splitByWeights(-1n, [1])).toThrow(InvalidSplit);
  });

  it('sums exactly', () => {
    fc.assert(
      fc.property(amounts, weights, (amount, parts) => sum(splitByWeights(amount, parts)) === amount),
    );
  });

  it('keeps each part within one unit of its exact share', () => {
    fc.assert(
      fc.property(amounts, weights, (amount, parts) => {
        const total = sum(parts.map(BigInt));
        return splitByWeights(amount, parts).every((part, i) => {
          const difference = part * total - amount * BigInt(parts[i] ?? 0);
          return difference < total && difference > -total;
        });
      }),
    );
  });

  it('gives the earlier of equal parties at least as much', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 1, max: 30 }), (amount, parties) => {
        const parts = splitByWeights(
          amount,
          Array.from({ length: parties }, () => 1),
        );
        return parts.every((part, i) => i === 0 || part <= (parts[i - 1] ?? 0n));
      }),
    );
  });
});
