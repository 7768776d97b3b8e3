import { hash } from 'node:crypto';
import { ImportRefused, problem } from './problem';

const codePattern = /^[A-Z][A-Z0-9._-]{0,23}$/;

/** Signs that stand for one currency in most books; the others (`¥`, `kr`) stand for several, so they have to be named. */
const signs: Readonly<Record<string, string>> = {
  $: 'USD',
  '€': 'EUR',
  '£': 'GBP',
  '₹': 'INR',
  '₩': 'KRW',
  '₺': 'TRY',
  '₴': 'UAH',
  '₽': 'RUB',
  '₪': 'ILS',
  '₫': 'VND',
};

/**
 * The code under which a unit of a source is booked: what `named` says, the currency of a sign, itself where it is a code, else its
 * letters with a piece of its hash, so that two units never share a code by accident.
 */
export function unitCode(source: string, named: ReadonlyMap<string, string> = new Map()): string {
  const given = named.get(source) ?? signs[source];
  if (given !== undefined) return given;
  if (codePattern.test(source)) return source;
  const letters = source
    .toUpperCase()
    .replace(/[^A-Z0-9]/gu, '')
    .replace(/^\d+/, '')
    .slice(0, 15);
  return `${letters === '' ? 'UNIT' : letters}.${hash('sha256', source, 'hex').slice(0, 8).toUpperCase()}`;
}

export function isUnitCode(text: string): boolean {
  return codePattern.test(text);
}

/** `MRO=MRO.STOCK,$=AUD`: what units of a source are booked as. @throws ImportRefused `ambiguous_unit` */
export function parseUnits(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(',').map((part) => {
      const [, source = '', code = ''] = /^\s*(.*?)\s*=\s*([^=]*?)\s*$/su.exec(part) ?? [];
      if (isUnitCode(code)) return [source, code];
      throw new ImportRefused(problem('ambiguous_unit', `'${part.trim()}' is not <unit of the file>=<code>`));
    }),
  );
}
