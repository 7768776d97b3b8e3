/**
 * What each party has given back once so much of a split was refunded, by Sainte-Laguë on what it got: as if unit by
 * unit, each from the party with the largest got / (2 · taken + 1), ties to the earlier one. So it depends on the total
 * alone, never falls when that grows, and nobody gives more than it got.
 *
 * Closed: the units with a priority of at least all / (2 · refunded) are got · refunded / all, rounded half up. That is
 * off by less than a unit for each party, and is put right by the units next to that priority.
 * @param got what each party got, none below zero @param refunded from 0 to all of that
 */
export function walkBack(got: readonly bigint[], refunded: bigint): readonly bigint[] {
  const all = got.reduce((sum, each) => sum + each, 0n);
  if (refunded < 0n || refunded > all) throw new RangeError(`${refunded} of ${all} can't be refunded`);
  if (all === 0n) return got;
  const taken = got.map((each) => (2n * each * refunded + all) / (2n * all));
  let off = taken.reduce((sum, each) => sum + each, 0n) - refunded;
  for (; off > 0n; off -= 1n) {
    const last = lastTaken(got, taken);
    taken[last] = (taken[last] ?? 0n) - 1n;
  }
  for (; off < 0n; off += 1n) {
    const next = nextTaken(got, taken);
    taken[next] = (taken[next] ?? 0n) + 1n;
  }
  return taken;
}

/** The party whose last unit has the smallest priority; ties: the later one. */
function lastTaken(got: readonly bigint[], taken: readonly bigint[]): number {
  return best(
    got,
    (i) => 2n * (taken[i] ?? 0n) - 1n,
    (one, other) => one <= other,
  );
}
/** The party whose next unit has the largest priority; ties: the earlier one. */
function nextTaken(got: readonly bigint[], taken: readonly bigint[]): number {
  return best(
    got,
    (i) => 2n * (taken[i] ?? 0n) + 1n,
    (one, other) => one > other,
  );
}

/** The party whose got / divisor is better than that of those before it; a divisor below zero: it has no such unit. */
function best(
  got: readonly bigint[],
  divisorOf: (i: number) => bigint,
  isBetter: (one: bigint, other: bigint) => boolean,
): number {
  let found = -1;
  for (const [i, each] of got.entries()) {
    const divisor = divisorOf(i);
    if (divisor < 0n) continue;
    if (found === -1 || isBetter(each * divisorOf(found), (got[found] ?? 0n) * divisor)) found = i;
  }
  return found;
}
