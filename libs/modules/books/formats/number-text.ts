import { decimalOf } from './decimal';
import type { Decimal } from './decimal';

export type DecimalMark = '.' | ',';

/** What the numbers of a file, or one of them, show about how the file writes numbers. */
export interface NumberEvidence {
  readonly mark?: DecimalMark;
  /** `isGrouped`: thousands stand apart by a point or a comma; `isUngrouped`: they surely don't stand apart at all. */
  readonly isGrouped: boolean;
  readonly isUngrouped: boolean;
}

/** A number that can be read in one way only. */
export interface SureNumber {
  readonly kind: 'sure';
  readonly value: Decimal;
  readonly evidence: NumberEvidence;
}
/** `1.000` or `1,000`: one, when its separator is the decimal mark; a thousand, when it is not. */
export interface UnsureNumber {
  readonly kind: 'unsure';
  readonly separator: DecimalMark;
  readonly asDecimal: Decimal;
  readonly asInteger: Decimal;
}
export type NumberReading = SureNumber | UnsureNumber;

const groupSpaces = ' \u00a0\u2007\u2008\u2009\u200a\u202f';
const groupApostrophes = "'\u2019\u02bc";

/** What may stand between two digits of a number besides the marks. */
export function isGroupSign(character: string): boolean {
  return separatorOf(character) !== undefined && character !== '.' && character !== ',';
}

type Separator = DecimalMark | ' ' | "'" | '_';

function separatorOf(character: string): Separator | undefined {
  if (character === '.' || character === ',' || character === '_') return character;
  if (groupSpaces.includes(character)) return ' ';
  return groupApostrophes.includes(character) ? "'" : undefined;
}

/** Digits and what separates them, from left to right in one pass. Undefined: it is no number in any convention. */
export function readNumber(text: string): NumberReading | undefined {
  const parts: string[] = [''];
  const separators: Separator[] = [];
  for (const character of text) {
    if (character >= '0' && character <= '9') {
      parts.push((parts.pop() ?? '') + character);
      continue;
    }
    const separator = separatorOf(character);
    if (separator === undefined) return undefined;
    separators.push(separator);
    parts.push('');
  }
  if (parts.every((part) => part === '')) return undefined;
  const last = separators.at(-1);
  if (last === undefined) return integer(parts, undefined);
  const isMark = last === '.' || last === ',';
  const before = separators.slice(0, -1);
  if (before.includes(last)) {
    // A sign that stands twice separates groups.
    return before.every((each) => each === last) ? integer(parts, last) : undefined;
  }
  if (!isMark) return before.length === 0 ? integer(parts, last) : undefined;
  return withMark(parts, before, last);
}

/** The last separator is a decimal mark, unless it alone may as well part thousands. */
function withMark(
  parts: readonly string[],
  before: readonly Separator[],
  mark: DecimalMark,
): NumberReading | undefined {
  const whole = parts.slice(0, -1);
  const fraction = parts.at(-1) ?? '';
  const [first = ''] = whole;
  const [group] = before;
  if (group === undefined) {
    const asDecimal = decimalOf(false, first === '' ? '0' : first, fraction);
    if (fraction.length === 3 && /^[1-9]\d{0,2}$/.test(first)) {
      return {
        kind: 'unsure',
        separator: mark,
        asDecimal,
        asInteger: decimalOf(false, first + fraction, ''),
      };
    }
    return {
      kind: 'sure',
      value: asDecimal,
      evidence: { mark, isGrouped: false, isUngrouped: first.length > 3 },
    };
  }
  if (!before.every((each) => each === group) || !areGroups(whole, group)) return undefined;
  const isGrouped = group === '.' || group === ',';
  return {
    kind: 'sure',
    value: decimalOf(false, whole.join(''), fraction),
    evidence: { mark, isGrouped, isUngrouped: false },
  };
}

function integer(parts: readonly string[], group: Separator | undefined): SureNumber | undefined {
  if (group !== undefined && !areGroups(parts, group)) return undefined;
  const digits = parts.join('');
  const isMark = group === '.' || group === ',';
  const evidence = {
    ...(isMark ? { mark: group === '.' ? (',' as const) : ('.' as const) } : {}),
    isGrouped: isMark,
    isUngrouped: group === undefined && digits.length > 3,
  };
  return { kind: 'sure', value: decimalOf(false, digits, ''), evidence };
}

/** Groups of three behind one to three digits; with commas also as in India, 12,34,567. */
function areGroups([first = '', ...rest]: readonly string[], separator: Separator): boolean {
  if (first === '' || first.length > 3) return false;
  if (rest.every((part) => part.length === 3)) return true;
  const isIndian = rest.at(-1)?.length === 3 && rest.slice(0, -1).every((part) => part.length === 2);
  return separator === ',' && first.length <= 2 && isIndian;
}
