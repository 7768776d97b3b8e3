import { hash } from 'node:crypto';
import type { AccountType } from '@fintech-ledger/ledger/domain';
import { accountTypeOf } from './account-type';

const roots: Readonly<Record<AccountType, string>> = {
  asset: 'Assets',
  liability: 'Liabilities',
  equity: 'Equity',
  revenue: 'Income',
  expense: 'Expenses',
};
const validRest = /^[A-Z0-9][A-Za-z0-9-]*$/;
const validCurrency = /^[A-Z][A-Z0-9'._-]{0,22}[A-Z0-9]$/;
/** Words that would be currencies if they were not words of the language. */
const reserved: ReadonlySet<string> = new Set(['TRUE', 'FALSE', 'NULL']);

/**
 * The name that an account wants in beancount: one of the five roots by its type, then segments that begin with a capital or a digit. Two
 * names may want the same one; who writes them has to tell them apart.
 */
export function beancountAccount(name: string, type: AccountType): string {
  const [first = '', ...rest] = name.split(':');
  const segments = accountTypeOf(first) === type ? rest : [first, ...rest];
  const named = segments.map(segmentOf);
  return [roots[type], ...(named.length === 0 ? ['Account'] : named)].join(':');
}

function segmentOf(segment: string): string {
  if (validRest.test(segment)) return segment;
  const plain = segment.replace(/[^A-Za-z0-9-]/gu, '-');
  const capital = plain.charAt(0).toUpperCase() + plain.slice(1);
  return validRest.test(capital) ? capital : `X${capital}`;
}

/** A unit's name in beancount: as the source calls it, else its code, else one made of it with an apostrophe, which no code has. */
export function beancountCurrency(unit: string, code: string): string {
  if (isCurrency(unit)) return unit;
  if (isCurrency(code)) return code;
  return `${code.slice(0, 12)}'${hash('sha256', code, 'hex').slice(0, 8).toUpperCase()}`;
}

function isCurrency(text: string): boolean {
  return validCurrency.test(text) && !reserved.has(text);
}
