import { decimalOf } from './decimal';
import type { Decimal } from './decimal';
import { problem } from './problem';
import type { ImportProblem } from './problem';

export type DecimalMark = '.' | ',';

export interface ParsedAmount {
  readonly value: Decimal;
  /** The unit that stands beside the number, as it is written; null: none does. */
  readonly unit: string | null;
}

const space = "[ \\u00a0\\u202f'_]";
const amountPattern = new RegExp(
  `^([+-]?)\\s*("[^"]*"|[^\\d\\s.,+"-][^\\d.,+-]*?)?\\s*([+-]?)\\s*(\\d(?:${space}?[\\d.,])*|[.,]\\d+)(\\s*"[^"]*"|\\s+[^\\d\\s.,+"-].*|[^\\d\\s.,+"-]\\D*)?$`,
  'u',
);
/** Keeps the pattern's work small whatever stands in the cell. */
const cellCharactersMax = 200;
const groupedByComma = /^\d{1,3}(?:,\d{3})+$/;
const groupedByPoint = /^\d{1,3}(?:\.\d{3})+$/;

/**
 * An amount as hledger, beancount and spreadsheets print it: `-1000.00`, `$-1,000.00`, `-$1,000.00`, `1.000,50 EUR`,
 * `6.675 VBMPX {71.92 USD}` (the cost is left away). A number is never guessed at: `1,000` may be a thousand or one, so it is
 * `ambiguous_amount` unless the decimal mark was given. A point that stands alone is a decimal mark.
 */
export function parseAmountCell(text: string, decimalMark?: DecimalMark): ParsedAmount | ImportProblem {
  if (text.length > cellCharactersMax)
    return problem('invalid_amount', 'an amount is at most 200 characters long');
  const bare = text.replace(/\s*(?:\{|@).*$/su, '').trim();
  const [, signBefore = '', prefix, signAfter = '', number = '', suffix] = amountPattern.exec(bare) ?? [];
  if (number === '' || (signBefore !== '' && signAfter !== '')) {
    return problem('invalid_amount', `'${text}' is not an amount`);
  }
  if (prefix !== undefined && suffix !== undefined) {
    return problem('invalid_amount', `'${text}' has a unit on both sides`);
  }
  const unit = unquote(prefix ?? suffix ?? null);
  const parsed = parseNumber(number, decimalMark);
  if (!('digits' in parsed)) return parsed;
  const isNegative = signBefore === '-' || signAfter === '-';
  return { value: isNegative ? { ...parsed, digits: -parsed.digits } : parsed, unit };
}

function parseNumber(text: string, given: DecimalMark | undefined): Decimal | ImportProblem {
  const number = text.replace(new RegExp(space, 'gu'), '');
  const mark = given ?? markOf(number);
  if (typeof mark === 'object') return mark;
  const separator = mark === '.' ? ',' : '.';
  const [integer = '', fraction = '', ...more] = number.split(mark);
  const grouped = mark === '.' ? groupedByComma : groupedByPoint;
  const isInteger = /^\d*$/.test(integer) || grouped.test(integer);
  if (!isInteger || more.length > 0 || fraction.includes(separator)) {
    return problem('invalid_amount', `'${text}' is not a number whose decimal mark is '${mark}'`);
  }
  return decimalOf(false, integer.replaceAll(separator, '') || '0', fraction);
}

function markOf(number: string): DecimalMark | ImportProblem {
  const comma = number.lastIndexOf(',');
  const point = number.lastIndexOf('.');
  if (comma >= 0 && point >= 0) return comma > point ? ',' : '.';
  if (comma >= 0) {
    if (number.indexOf(',') !== comma) return '.';
    if (!groupedByComma.test(number)) return ',';
    return problem(
      'ambiguous_amount',
      `'${number}' may be thousands or decimals: name the decimal mark (decimal_mark)`,
    );
  }
  return point >= 0 && number.indexOf('.') !== point ? ',' : '.';
}

function unquote(unit: string | null): string | null {
  const text = unit?.trim() ?? '';
  return text === '' ? null : text.replace(/^"(.*)"$/su, '$1');
}
