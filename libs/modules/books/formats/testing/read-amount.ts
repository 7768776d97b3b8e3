import { readAmountCell } from '../amount-cell';
import { Conventions } from '../conventions';
import type { DecimalMark } from '../number-text';

/** The cell as it is read in a file that has these other cells too. */
export const readAmount = (
  text: string,
  others: readonly string[] = [],
  decimalMark?: DecimalMark,
): string => {
  const conventions = new Conventions({ decimalMark });
  for (const each of [text, ...others]) {
    const cell = readAmountCell(each);
    if (!('code' in cell)) conventions.seeNumber(cell.number);
  }
  const cell = readAmountCell(text);
  if ('code' in cell) return cell.code;
  const value = conventions.amount(cell, text);
  if ('code' in value) return value.code;
  return `${value.digits}e-${value.decimals}${cell.unit === null ? '' : ` ${cell.unit}`}`;
};
