import { isUnitCode } from './unit-codes';

/**
 * The unit that the cell of a column of units names: letters, digits and currency signs, with spaces and a few signs inside, or anything in
 * quotes. Undefined: the cell is not understood, and must not become a unit. @param isNamed whether the reader said what it is
 */
export function readUnitCell(text: string, isNamed: (unit: string) => boolean): string | undefined {
  if (text === '' || isUnitCode(text) || isNamed(text)) return text;
  if (text.length > 2 && text.startsWith('"') && text.endsWith('"'))
    return text.slice(1, -1).trim() || undefined;
  const isName = /^[\p{L}\p{M}\p{Sc}0-9 ._'&/%°-]+$/u.test(text);
  return isName && /^[\p{L}\p{Sc}0-9]/u.test(text) && /[\p{L}\p{Sc}]/u.test(text) ? text : undefined;
}
