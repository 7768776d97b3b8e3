import type { PartyFacts } from './party';
import { wholeBps } from './limits';

/** What a party gets, and why. Amounts in minor units. */
export interface Share {
  readonly amount: bigint;
  /** What held it: null, where its share is within its bounds. */
  readonly bound: 'min_amount' | 'max_amount' | null;
  /** What is exactly its due, before anything is rounded or bounded; lowest terms. */
  readonly exact: { readonly numerator: bigint; readonly denominator: bigint };
  readonly floor: bigint;
  /** With largest remainder: 1 for the one that is first to get a unit of what the floors leave. */
  readonly rank: number | null;
}
/** The shares, in the order of the parties, or the first party for which there is not enough. */
export type Allocation =
  | { readonly kind: 'allocated'; readonly shares: readonly Share[] }
  | { readonly kind: 'short'; readonly party: number; readonly by: bigint };

/**
 * Splits an amount among parties that were judged. Fixed amounts come first, then shares of the whole, rounded down and
 * held to their bounds, then the party with the remainder; without such a party largest remainder decides.
 */
export function allocate(amount: bigint, parties: readonly PartyFacts[]): Allocation {
  const rest = parties.findIndex(({ remainder }) => remainder);
  if (rest === -1)
    return {
      kind: 'allocated',
      shares: byLargestRemainder(
        amount,
        parties.map(({ shareBps }) => BigInt(shareBps ?? 0)),
      ),
    };
  const shares = parties.map((party) => shareOf(amount, party));
  let left = amount;
  for (const isFixed of [true, false])
    for (const [i, { fixedAmount }] of parties.entries()) {
      if (i === rest || (fixedAmount !== null) !== isFixed) continue;
      left -= shares[i]?.amount ?? 0n;
      if (left < 0n) return { kind: 'short', party: i, by: -left };
    }
  return { kind: 'allocated', shares: shares.with(rest, plain(left)) };
}

const plain = (amount: bigint): Share => ({
  amount,
  bound: null,
  exact: { numerator: amount, denominator: 1n },
  floor: amount,
  rank: null,
});

function shareOf(amount: bigint, { fixedAmount, maxAmount, minAmount, shareBps }: PartyFacts): Share {
  if (fixedAmount !== null) return plain(BigInt(fixedAmount));
  const numerator = amount * BigInt(shareBps ?? 0);
  const floor = numerator / BigInt(wholeBps);
  const share: Share = { ...plain(floor), exact: fraction(numerator, BigInt(wholeBps)) };
  if (minAmount !== null && floor < BigInt(minAmount))
    return { ...share, amount: BigInt(minAmount), bound: 'min_amount' };
  if (maxAmount !== null && floor > BigInt(maxAmount))
    return { ...share, amount: BigInt(maxAmount), bound: 'max_amount' };
  return share;
}

/**
 * Hamilton's method: each gets the floor of its share; what is left goes by one unit to those with the largest
 * remainders, ties to the earlier one. @param weights none below zero, and not all zero
 */
export function byLargestRemainder(amount: bigint, weights: readonly bigint[]): readonly Share[] {
  const whole = sumOf(weights);
  const dues = weights.map((weight, i) => ({
    i,
    numerator: amount * weight,
    floor: (amount * weight) / whole,
    remainder: (amount * weight) % whole,
  }));
  const left = amount - sumOf(dues.map(({ floor }) => floor));
  const ranks = new Map(
    dues.toSorted((a, b) => compared(b.remainder, a.remainder) || a.i - b.i).map(({ i }, at) => [i, at + 1]),
  );
  return dues.map(({ floor, i, numerator }) => {
    const rank = ranks.get(i) ?? 0;
    const amountOf = BigInt(rank) <= left ? floor + 1n : floor;
    return { ...plain(floor), amount: amountOf, exact: fraction(numerator, whole), rank };
  });
}

const sumOf = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);
const compared = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

function fraction(numerator: bigint, denominator: bigint): Share['exact'] {
  let [a, b] = [numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return { numerator: numerator / a, denominator: denominator / a };
}
