/** Why an amount can't be split; thrown, because whoever splits has made the weights. */
export class InvalidSplit extends RangeError {
  override readonly name = 'InvalidSplit';
}

/** Parts of 10,000: 2.9 % is 290. */
export const basisPointsWhole = 10_000;

/**
 * Splits an amount (minor units, ≥ 0) by weights (whole numbers above zero, e.g. basis points) with the largest-remainder method:
 * each party gets the whole part of its exact share, and the units left over go one each to the largest remainders, ties to the
 * earlier party. The parts sum to the amount, in the order of the weights, and none is a whole unit away from its exact share.
 * @throws InvalidSplit no weights, a weight that is not a whole number above zero, a negative amount
 */
export function splitByWeights(
  amountMinor: bigint,
  weights: readonly (number | bigint)[],
): readonly bigint[] {
  if (amountMinor < 0n) throw new InvalidSplit(`an amount to split is not negative: ${amountMinor}`);
  const whole = weights.map(wholeWeight);
  const total = whole.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) throw new InvalidSplit('a split needs at least one party');

  const shares = whole.map((weight, party) => ({
    party,
    floor: (amountMinor * weight) / total,
    remainder: (amountMinor * weight) % total,
  }));
  const leftOver = amountMinor - shares.reduce((sum, share) => sum + share.floor, 0n);
  const byRemainder = shares.toSorted((a, b) =>
    a.remainder === b.remainder ? a.party - b.party : a.remainder > b.remainder ? -1 : 1,
  );
  // There are fewer units left over than parties, because each remainder is below the total weight.
  const raised = new Set(byRemainder.slice(0, Number(leftOver)).map((share) => share.party));
  return shares.map(({ party, floor }) => (raised.has(party) ? floor + 1n : floor));
}

function wholeWeight(weight: number | bigint): bigint {
  if (typeof weight === 'number' && !Number.isSafeInteger(weight)) {
    throw new InvalidSplit(`a weight is a whole number: ${weight}`);
  }
  if (weight <= 0) throw new InvalidSplit(`a weight is above zero: ${weight}`);
  return BigInt(weight);
}
