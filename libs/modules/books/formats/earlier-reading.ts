import type { AmountCell } from './amount-cell';
import type { Decimal } from './decimal';

/** How the first releases read an amount that is read otherwise now. */
export interface EarlierReading {
  readonly amount: Decimal;
  readonly unit: string;
}

const dash = /[\u2212\u2010-\u2013\ufe63\uff0d]/;
const understood = /["(+-]/;

/**
 * What the first releases made of a cell, where that differs: a lone point was a decimal mark whatever the other cells were like, and a dash of
 * typography was part of the unit. So an import of theirs is known again, although it was booked wrongly. Undefined: the same as now, or nothing.
 * @param read the amount and the unit as they are read now @param isMarkGiven the decimal mark was named
 */
export function earlierReading(
  text: string,
  { number, unit }: AmountCell,
  read: EarlierReading,
  { isMarkGiven, hasUnitCell }: { readonly isMarkGiven: boolean; readonly hasUnitCell: boolean },
): EarlierReading | undefined {
  const isPoint = number.kind === 'unsure' && number.separator === '.' && !isMarkGiven;
  const isNegative = read.amount.digits < 0n;
  const digits = isPoint
    ? isNegative
      ? -number.asDecimal.digits
      : number.asDecimal.digits
    : read.amount.digits;
  const amount = isPoint ? { ...number.asDecimal, digits } : read.amount;
  const before = text.slice(0, Math.max(text.search(/[0-9.,]/), 0)).trim();
  if (dash.test(before) && !understood.test(before)) {
    // With another unit behind the number or in a column of its own they refused it.
    if (hasUnitCell || (unit !== null && !before.includes(unit))) return undefined;
    return { amount: { ...amount, digits: digits < 0n ? -digits : digits }, unit: before };
  }
  return amount.digits === read.amount.digits && amount.decimals === read.amount.decimals
    ? undefined
    : { amount, unit: read.unit };
}
