import type { AccountType } from '@fintech-ledger/ledger/domain';
import { ImportRefused, problem } from './problem';
import { invalidTypes } from './file-refusals';

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

/** First segments of accounts, in small letters, and the type that a book means by them. */
export type NamedTypes = ReadonlyMap<string, AccountType>;

/** The type that an account's first segment (or the word itself) says, whatever its case; undefined: it says none. */
export function accountTypeOf(name: string, named: NamedTypes = new Map()): AccountType | undefined {
  const word = (name.split(':', 1)[0] ?? '').trim().toLowerCase();
  return named.get(word) ?? types.get(word);
}

/** `Aktiva=asset,Passiva=liability`: what first segments of accounts mean. @throws ImportRefused `invalid_types` */
export function parseTypes(text: string): NamedTypes {
  const named = new Map<string, AccountType>();
  for (const part of text.split(',')) {
    const at = part.lastIndexOf('=');
    const word = part.slice(0, Math.max(at, 0)).trim().toLowerCase();
    const type =
      at < 0
        ? undefined
        : types.get(
            part
              .slice(at + 1)
              .trim()
              .toLowerCase(),
          );
    if (word === '' || word.includes(':') || type === undefined || named.has(word)) {
      const detail = `'${part.trim()}' is not <first segment>=<type>, said once; the types are asset, liability, equity, revenue, expense`;
      throw new ImportRefused(problem(invalidTypes, detail));
    }
    named.set(word, type);
  }
  return named;
}
