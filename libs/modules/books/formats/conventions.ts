import type { AmountCell } from './amount-cell';
import { dateOrders } from './date-cell';
import type { DateOrder, DateReading } from './date-cell';
import type { Decimal } from './decimal';
import type { DecimalMark, NumberReading } from './number-text';
import { problem } from './problem';
import type { ImportProblem } from './problem';
import { invalidAmount } from '@fintech-ledger/ledger/domain';
import { ambiguousAmount, ambiguousDate, invalidDate } from './line-refusals';

/** How a file writes numbers and dates, as far as its reader says. */
export interface GivenConventions {
  readonly decimalMark?: DecimalMark | undefined;
  readonly dateOrder?: DateOrder | undefined;
}

/**
 * How a file writes numbers and dates: what was given, else what its own cells show. A file has one decimal mark and one order of dates;
 * every cell is seen before the first one is read, and what stays unsure then is refused instead of guessed at.
 */
export class Conventions {
  private readonly marks = new Set<DecimalMark>();
  private isGrouped = false;
  private isUngrouped = false;
  private orders: readonly DateOrder[] = dateOrders;

  constructor(private readonly given: GivenConventions = {}) {}

  get isMarkGiven(): boolean {
    return this.given.decimalMark !== undefined;
  }

  seeNumber(number: NumberReading): void {
    if (number.kind === 'unsure') return;
    const { mark, isGrouped, isUngrouped } = number.evidence;
    if (mark !== undefined) this.marks.add(mark);
    this.isGrouped ||= isGrouped;
    this.isUngrouped ||= isUngrouped;
  }

  seeDate(date: DateReading): void {
    if (date.kind === 'ordered') this.orders = this.orders.filter((order) => date.times.has(order));
  }

  /** Undefined: a number like `1.000` may be both. */
  isDecimalMark(separator: DecimalMark): boolean | undefined {
    if (this.given.decimalMark !== undefined) return this.given.decimalMark === separator;
    if (this.marks.size === 1) return this.marks.has(separator);
    // Where both marks stand and thousands are nowhere set apart (hledger writes each unit in its own way), no separator sets them apart.
    return this.marks.size === 2 && this.isUngrouped && !this.isGrouped ? true : undefined;
  }

  amount({ number, isNegative }: AmountCell, text: string): Decimal | ImportProblem {
    const value = this.number(number, text);
    return 'code' in value || !isNegative ? value : { ...value, digits: -value.digits };
  }

  private number(number: NumberReading, text: string): Decimal | ImportProblem {
    if (number.kind === 'sure') {
      const { decimalMark } = this.given;
      const { mark } = number.evidence;
      return decimalMark === undefined || mark === undefined || mark === decimalMark
        ? number.value
        : problem(invalidAmount, `'${text}' is not a number whose decimal mark is '${decimalMark}'`);
    }
    const isDecimal = this.isDecimalMark(number.separator);
    if (isDecimal !== undefined) return isDecimal ? number.asDecimal : number.asInteger;
    return problem(
      ambiguousAmount,
      `'${text}' may be thousands or decimals, and no other amount of the file shows which: name the decimal mark (decimal_mark=. or decimal_mark=,)`,
    );
  }

  /** RFC 3339. */
  time(date: DateReading, text: string): string | ImportProblem {
    if (date.kind === 'sure') return date.time;
    const { dateOrder } = this.given;
    if (dateOrder !== undefined) {
      const time = date.times.get(dateOrder);
      return time ?? problem(invalidDate, `'${text}' is not a date in the order ${dateOrder}`);
    }
    // When no order fits all dates of the file, each has to speak for itself.
    const orders = this.orders.length === 0 ? dateOrders : this.orders;
    const times = orders.flatMap((order) => date.times.get(order) ?? []);
    const [time] = times;
    if (time !== undefined && times.every((each) => each === time)) return time;
    const choices = orders.filter((order) => date.times.has(order));
    return problem(
      ambiguousDate,
      `'${text}' may be ${times.map((each) => each.slice(0, 10)).join(' or ')}, and no other date of the file shows which: name the order (date_order=${choices.join(' or date_order=')})`,
    );
  }
}
