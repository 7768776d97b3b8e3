import { KnownOrigins } from './known-origins';
import type { Origin } from './known-origins';
import { originsKnownMax, originsOfOrganizationMax, originsOwnedAnyway } from './limits';

const from = (organizationId: string, n: number, userAgent: string | null = null) => ({
  key: `key_${organizationId}\n10.0.${n >> 8}.${n & 255}\n${n}\n${userAgent ?? ''}`,
  origin: { organizationId, ip: `10.0.${n >> 8}.${n & 255}`, userAgent },
});
function learn(known: KnownOrigins, organizationId: string, count: number, nowMs = 0): ReadonlySet<string> {
  const names = Array.from({ length: count }, (_, n) => {
    const { key, origin } = from(organizationId, n);
    return known.learn(key, origin, nowMs);
  });
  return new Set(names);
}
const byOrganization = (origins: readonly Origin[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { organizationId } of origins) counts[organizationId] = (counts[organizationId] ?? 0) + 1;
  return counts;
};

describe('origins of requests', () => {
  it('are kept of an organization however many others have', () => {
    const known = new KnownOrigins();
    const loud = Math.ceil(originsKnownMax / (2 * originsOfOrganizationMax));
    for (let n = 0; n < loud; n += 1) learn(known, `org_loud_${n}`, 2 * originsOfOrganizationMax + 10);
    expect(known.names.size).toBe(originsKnownMax);
    expect(learn(known, 'org_quiet', originsOwnedAnyway).size).toBe(originsOwnedAnyway);
    // From there on its share of what is there is used up: one name for all.
    const { key, origin } = from('org_quiet', originsOwnedAnyway);
    known.learn(key, origin, 0);
    expect(known.names.has(key)).toBe(false);
  });

  it('are written in turns', () => {
    const known = new KnownOrigins();
    learn(known, 'org_loud', 5_000);
    learn(known, 'org_quiet', 3);
    learn(known, 'org_other', 700);
    expect(byOrganization(known.take(1_000))).toEqual({ org_loud: 499, org_quiet: 3, org_other: 498 });
    expect(byOrganization(known.take(1_000))).toEqual({ org_loud: 798, org_other: 202 });
    expect(known.take(10_000)).toHaveLength(3_703);
    expect(known.take(10_000)).toEqual([]);
  });

  it('of others stay while those of one can not be written and become too many', () => {
    const known = new KnownOrigins();
    const hourMs = 3_600_000;
    learn(known, 'org_quiet', 5);
    for (let hour = 0; hour < 3; hour += 1) {
      known.forget(hour * hourMs);
      learn(known, 'org_loud', 2 * originsOfOrganizationMax, hour * hourMs);
      known.putBack(known.take(Number.MAX_SAFE_INTEGER));
    }
    const left = known.take(Number.MAX_SAFE_INTEGER);
    expect(byOrganization(left)).toEqual({ org_quiet: 5, org_loud: 2 * originsOfOrganizationMax });
    expect(
      left.every(({ organizationId, seenMs }) => organizationId !== 'org_loud' || seenMs === 2 * hourMs),
    ).toBe(true);
  });
});
