/**
 * What an API key may be allowed. `ledger:admin`, `payments:admin`, `payouts:admin`, `connect:admin`, `fx:admin`
 * and `organization:admin` imply reading and writing, `keys:write` reading keys, `ops:write` reading.
 */
export const scopes = [
  'ledger:read',
  'ledger:write',
  'ledger:admin',
  'payments:read',
  'payments:write',
  'payments:admin',
  'payouts:read',
  'payouts:write',
  'payouts:admin',
  'connect:read',
  'connect:write',
  'connect:admin',
  'fx:read',
  'fx:write',
  'fx:admin',
  'splits:read',
  'splits:write',
  'keys:read',
  'keys:write',
  'events:read',
  'audit:read',
  'webhooks:read',
  'webhooks:write',
  'organization:read',
  'organization:admin',
  'ops:read',
  'ops:write',
] as const;
export type Scope = (typeof scopes)[number];

/** Besides the scopes themselves: all of one prefix, and everything. */
export const grants = [
  ...scopes,
  'ledger:*',
  'payments:*',
  'payouts:*',
  'connect:*',
  'fx:*',
  'splits:*',
  'keys:*',
  'events:*',
  'audit:*',
  'webhooks:*',
  'organization:*',
  'ops:*',
  '*',
] as const;
export type Grant = (typeof grants)[number];

const impliedBy: Readonly<Record<Scope, readonly string[]>> = {
  'ledger:read': ['ledger:read', 'ledger:admin', 'ledger:*', '*'],
  'ledger:write': ['ledger:write', 'ledger:admin', 'ledger:*', '*'],
  'ledger:admin': ['ledger:admin', 'ledger:*', '*'],
  'payments:read': ['payments:read', 'payments:write', 'payments:admin', 'payments:*', '*'],
  'payments:write': ['payments:write', 'payments:admin', 'payments:*', '*'],
  'payments:admin': ['payments:admin', 'payments:*', '*'],
  'payouts:read': ['payouts:read', 'payouts:write', 'payouts:admin', 'payouts:*', '*'],
  'payouts:write': ['payouts:write', 'payouts:admin', 'payouts:*', '*'],
  'payouts:admin': ['payouts:admin', 'payouts:*', '*'],
  'connect:read': ['connect:read', 'connect:write', 'connect:admin', 'connect:*', '*'],
  'connect:write': ['connect:write', 'connect:admin', 'connect:*', '*'],
  'connect:admin': ['connect:admin', 'connect:*', '*'],
  'fx:read': ['fx:read', 'fx:write', 'fx:admin', 'fx:*', '*'],
  'fx:write': ['fx:write', 'fx:admin', 'fx:*', '*'],
  'fx:admin': ['fx:admin', 'fx:*', '*'],
  'splits:read': ['splits:read', 'splits:write', 'splits:*', '*'],
  'splits:write': ['splits:write', 'splits:*', '*'],
  'keys:read': ['keys:read', 'keys:write', 'keys:*', '*'],
  'keys:write': ['keys:write', 'keys:*', '*'],
  'events:read': ['events:read', 'events:*', '*'],
  'audit:read': ['audit:read', 'audit:*', '*'],
  'webhooks:read': ['webhooks:read', 'webhooks:write', 'webhooks:*', '*'],
  'webhooks:write': ['webhooks:write', 'webhooks:*', '*'],
  'organization:read': ['organization:read', 'organization:admin', 'organization:*', '*'],
  'organization:admin': ['organization:admin', 'organization:*', '*'],
  'ops:read': ['ops:read', 'ops:write', 'ops:*', '*'],
  'ops:write': ['ops:write', 'ops:*', '*'],
};

/** Whether what a key was granted covers a scope; nothing covers one that there is not. */
export function allows(granted: readonly string[], scope: string): boolean {
  return (
    Object.hasOwn(impliedBy, scope) && impliedBy[scope as Scope].some((grant) => granted.includes(grant))
  );
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
