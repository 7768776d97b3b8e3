/**
 * The unit that the cell of a column of units names: letters, digits and currency signs, with spaces and a few signs inside, or anything in
 * quotes. Undefined: the cell is not understood, and must not become a unit. @param isNamed whether the reader said what it is
 */
export function readUnitCell(text: string, isNamed: (unit: string) => boolean): string | undefined {
  if (text === '' || isNamed(text)) return text;
  if (text.length > 2 && text.startsWith('"') && text.endsWith('"')) {
    return text.slice(1, -1).trim() || undefined;
  }
  return isName(text) ? text : undefined;
}

/** Begins with a letter or a currency sign, or with digits right before one (`1INCH`, but not `5 EUR`), and does not end in a dash. */
function isName(text: string): boolean {
  return (
    /^[\p{L}\p{M}\p{Sc}0-9 ._'&/%°-]+$/u.test(text) &&
    /^[0-9]*[\p{L}\p{Sc}]/u.test(text) &&
    !text.endsWith('-')
  );
}
