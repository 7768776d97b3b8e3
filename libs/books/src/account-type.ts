import type { AccountType } from '@fintech-ledger/ledger';

const types: ReadonlyMap<string, AccountType> = new Map([
  ['asset', 'asset'],
  ['assets', 'asset'],
  ['liability', 'liability'],
  ['liabilities', 'liability'],
  ['equity', 'equity'],
  ['equities', 'equity'],
  ['income', 'revenue'],
  ['incomes', 'revenue'],
  ['revenue', 'revenue'],
  ['revenues', 'revenue'],
  ['expense', 'expense'],
  ['expenses', 'expense'],
]);

/** The type that an account's first segment (or the word itself) says, whatever its case; undefined: it says none. */
export function accountTypeOf(name: string): AccountType | undefined {
  return types.get((name.split(':', 1)[0] ?? '').toLowerCase());
}
