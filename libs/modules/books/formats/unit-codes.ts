import { exponentMax, isUnitCode } from '@fintech-ledger/ledger/domain';
import { hash } from 'node:crypto';
import { ImportRefused, problem } from './problem';
import { ambiguousUnit } from './file-refusals';

/** Signs that stand for one currency in most books; the others (`¥`, `kr`) stand for several, so each is a unit of its own until it is named. */
const signs: ReadonlyMap<string, string> = new Map([
  ['$', 'USD'],
  ['€', 'EUR'],
  ['£', 'GBP'],
  ['₹', 'INR'],
  ['₩', 'KRW'],
  ['₺', 'TRY'],
  ['₴', 'UAH'],
  ['₽', 'RUB'],
  ['₪', 'ILS'],
  ['₫', 'VND'],
]);

/**
 * The code under which a unit of a source is booked: what `named` says, the currency of a sign, itself where it is a code, else its
 * letters with a piece of its hash, so that two units never share a code by accident.
 */
export function unitCode(source: string, named: ReadonlyMap<string, string> = new Map()): string {
  const given = named.get(source) ?? signs.get(source);
  if (given !== undefined) return given;
  if (isUnitCode(source)) return source;
  const letters = source
    .toUpperCase()
    .replace(/[^A-Z0-9]/gu, '')
    .replace(/^\d+/, '')
    .slice(0, 15);
  return `${letters === '' ? 'UNIT' : letters}.${hash('sha256', source, 'hex').slice(0, 8).toUpperCase()}`;
}

/** `$` is the unit USD, so both may stand in one book. */
export function isSignOf(source: string, code: string): boolean {
  return signs.get(source) === code;
}

/** What units of a source are booked as, and with how many decimals they are declared when they are new. */
export interface NamedUnits {
  readonly codes: ReadonlyMap<string, string>;
  readonly exponents: ReadonlyMap<string, number>;
}

/** `MRO=MRO.STOCK,$=AUD,TOK=TOK/18`: what units of a source are booked as. @throws ImportRefused `ambiguous_unit` */
export function parseUnits(text: string): NamedUnits {
  const codes = new Map<string, string>();
  const exponents = new Map<string, number>();
  for (const part of text.split(',')) {
    const at = part.lastIndexOf('=');
    const source = unquoted(part.slice(0, Math.max(at, 0)).trim());
    const [code = '', exponent, ...more] = part
      .slice(at + 1)
      .trim()
      .split('/');
    const isExponent =
      exponent === undefined || (/^\d{1,2}$/.test(exponent) && Number(exponent) <= exponentMax);
    if (at < 0 || more.length > 0 || !isUnitCode(code) || !isExponent || codes.has(source)) {
      const detail = `'${part.trim()}' is not <unit of the file>=<code> or <unit of the file>=<code>/<decimals, at most ${exponentMax}>, said once`;
      throw new ImportRefused(problem(ambiguousUnit, detail));
    }
    codes.set(source, code);
    if (exponent !== undefined) exponents.set(code, Number(exponent));
  }
  return { codes, exponents };
}

function unquoted(text: string): string {
  return text.length > 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
