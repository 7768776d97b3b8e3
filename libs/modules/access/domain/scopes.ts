/** What rights are about. Of some there is no operation yet: their scopes can be granted, and allow nothing. */
const areas = [
  'ledger',
  'payments',
  'payouts',
  'connect',
  'splits',
  'fx',
  'webhooks',
  'events',
  'audit',
  'keys',
  'members',
  'organization',
  'ops',
  'fraud',
  'plugins',
] as const;
type Area = (typeof areas)[number];

/** Each implies those before it. */
const levels = ['read', 'write', 'admin'] as const;

export type Scope = `${Area}:${(typeof levels)[number]}`;
/** Besides the scopes themselves: all of one area, and everything. */
export type Grant = Scope | `${Area}:*` | '*';

/** What an API key may be allowed: of each area reading, writing, and administering it, which imply one another. */
export const scopes: readonly Scope[] = areas.flatMap((area) =>
  levels.map((level) => `${area}:${level}` as const),
);
export const grants: readonly Grant[] = [...scopes, ...areas.map((area) => `${area}:*` as const), '*'];

/** Of each scope the grants that cover it. */
const impliedBy: ReadonlyMap<string, readonly Grant[]> = new Map(
  areas.flatMap((area) =>
    levels.map((level, at): [Scope, readonly Grant[]] => [
      `${area}:${level}`,
      [...levels.slice(at).map((higher) => `${area}:${higher}` as const), `${area}:*`, '*'],
    ]),
  ),
);

/** Whether what a key was granted covers a scope; nothing covers one that there is not. */
export function allows(granted: readonly string[], scope: string): boolean {
  return impliedBy.get(scope)?.some((grant) => granted.includes(grant)) ?? false;
}

/** Those over the installation: only keys of the organization that operates it have them, whatever was granted. */
const isOfOperator = (grant: string): boolean => grant.startsWith('ops:');

/** Every scope that what a key was granted covers. @param isOperators its organization operates the installation */
export function scopesOf(granted: readonly string[], isOperators = true): ReadonlySet<Scope> {
  return new Set(scopes.filter((scope) => allows(granted, scope) && (isOperators || !isOfOperator(scope))));
}

/** The first scope over the installation that is wanted by its name, where keys have none; `*` is all that there is. */
export function operatorsScope(wanted: readonly string[]): Scope | undefined {
  const named = wanted.filter(isOfOperator);
  return scopes.find((scope) => allows(named, scope));
}

/** The first scope that `wanted` would give and `granted` does not have, so that nobody hands on more than they hold. */
export function scopeBeyond(granted: readonly string[], wanted: readonly string[]): Scope | undefined {
  return scopes.find((scope) => allows(wanted, scope) && !allows(granted, scope));
}
