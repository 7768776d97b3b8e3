import type { AccountType } from './account';
import { reservedName } from './managed';

/*
 * Where money of a currency is on its way between ledgers: one account for each side on which accounts grow. The
 * address alone says what the account is, also where books of the past are imported.
 */

const types = { assets: 'asset', liabilities: 'liability' } as const satisfies Readonly<
  Record<string, AccountType>
>;
export type TransitType = (typeof types)[keyof typeof types];

const pattern = new RegExp(`^${reservedName}:transit:(assets|liabilities):([A-Za-z0-9_-]+)$`);

export function transitAddress(type: TransitType, currency: string): string {
  const name = type === 'asset' ? 'assets' : 'liabilities';
  // An address has no dots.
  return `${reservedName}:transit:${name}:${currency.replaceAll('_', '__').replaceAll('.', '_d')}`;
}

/** What an account in transit is; undefined: nothing is in transit at that address. */
export function transitTerms(
  address: string,
): { readonly type: TransitType; readonly currency: string } | undefined {
  const [, name, unit] = pattern.exec(address) ?? [];
  if (name === undefined || unit === undefined) return undefined;
  const type = types[name as keyof typeof types];
  const currency = unit.replace(/_[_d]/g, (escape) => (escape === '_d' ? '.' : '_'));
  // Nothing else is written so.
  return transitAddress(type, currency) === address ? { type, currency } : undefined;
}
