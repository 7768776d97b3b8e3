/**
 * Whether two values are the same as JSON: the order of members says nothing, nor do members that are undefined. What
 * was read from an event has its members in another order than what was just made.
 */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other))
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, at) => isSameJson(item, other[at]))
    );
  const [ours, theirs] = [membersOf(one), membersOf(other)];
  return (
    ours.size === theirs.size &&
    [...ours].every(([name, value]) => theirs.has(name) && isSameJson(value, theirs.get(name)))
  );
}

const membersOf = (value: object): ReadonlyMap<string, unknown> =>
  new Map(Object.entries(value).filter(([, member]) => member !== undefined));
