import { isoTime, parseTime } from '@fintech-ledger/contract';
import { statementInvalid } from '@fintech-ledger/bank/domain';
import { findCurrency } from '@fintech-ledger/ledger/domain';
import type { Element } from './element';
import { descendant } from './element';
import { StatementProblem } from './statement-problem';

export const invalid = (detail: string, path: string): StatementProblem =>
  new StatementProblem(statementInvalid, detail, path);

/** An element that has to be there. @throws StatementProblem */
export function needed(parent: Element, ...names: readonly string[]): Element {
  const found = descendant(parent, ...names);
  if (found === undefined) throw invalid('It is not there.', `${parent.path}/${names.join('/')}`);
  return found;
}

/** What ISO 20022 lets an amount have; zeros that say nothing are none of them. */
const digitsMax = 18;

/**
 * The digits before and after the point of an amount of ISO 20022, without zeros that say nothing. It is an
 * `xs:decimal` of at least 0: a sign may stand before it, and the digits on one side of the point may be missing.
 */
function decimalOf(text: string): { readonly whole: string; readonly part: string } | undefined {
  const [, sign, integer = '', fraction = ''] =
    /^([+-]?)(?=\.?[0-9])([0-9]*)(?:\.([0-9]*))?$/.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const whole = integer.replace(/^0+/, '');
  const part = fraction.slice(0, lengthWithoutZeros(fraction));
  const isNegative = sign === '-' && whole + part !== '';
  return isNegative || whole.length + part.length > digitsMax ? undefined : { whole, part };
}

/** How long a text is without the zeros at its end. */
function lengthWithoutZeros(text: string): number {
  let length = text.length;
  while (text[length - 1] === '0') length -= 1;
  return length;
}

/** Minor units of an amount in the statement's currency. @throws StatementProblem */
export function minorOf(amount: Element, currency: string): bigint {
  const { attributes, path, text } = amount;
  if (attributes['Ccy'] !== currency) {
    const said = (attributes['Ccy'] ?? 'none').slice(0, 10);
    throw invalid(`The currency is ${said}, and that of the statement ${currency}.`, `${path}/@Ccy`);
  }
  const exponent = findCurrency(currency)?.exponent ?? 0;
  const decimal = decimalOf(text);
  if (decimal === undefined) throw invalid(`'${text.slice(0, 40)}' is no amount.`, path);
  const { whole, part } = decimal;
  if (part.length > exponent)
    throw invalid(`${text} has more decimals than ${currency}, which has ${exponent}.`, path);
  return BigInt(whole + part.padEnd(exponent, '0'));
}

/** Whether it is a credit. @throws StatementProblem */
export function isCredit(parent: Element): boolean {
  const { path, text } = needed(parent, 'CdtDbtInd');
  if (text !== 'CRDT' && text !== 'DBIT')
    throw invalid(`'${text.slice(0, 40)}' is neither CRDT nor DBIT.`, path);
  return text === 'CRDT';
}

/** A day of `Dt` or `DtTm`. @throws StatementProblem */
export function dayOf(parent: Element | undefined): string | null {
  const date = descendant(parent, 'Dt') ?? descendant(parent, 'DtTm');
  if (date === undefined) return null;
  const day = date.text.slice(0, 10);
  // As `Date.parse` does not: it takes 31 February for 3 March.
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(day) || parseTime(`${day}T00:00:00Z`) === undefined)
    throw invalid(`'${date.text.slice(0, 40)}' is no date.`, date.path);
  return day;
}

const dateTime = /^(\d{4}-\d\d-\d\dT)(\d\d:\d\d:\d\d)(?:\.(\d{1,30}))?(Z|[+-]\d\d:\d\d)?$/;
const dayMs = 86_400_000;

/**
 * A time of a period: xs:dateTime, UTC where it has no zone; 24:00 is the beginning of the next day.
 * @throws StatementProblem
 */
export function timeOf(element: Element | undefined): string | null {
  if (element === undefined) return null;
  const [, day = '', time = '', fraction = '', zone = 'Z'] = dateTime.exec(element.text) ?? [];
  const isEnd = time === '24:00:00' && !/[1-9]/.test(fraction);
  const begun = parseTime(`${day}${isEnd ? '00:00:00' : time}.${`${fraction}0`.slice(0, 9)}${zone}`);
  const read = begun !== undefined && isEnd ? parseTime(isoTime(Date.parse(begun) + dayMs)) : begun;
  if (read === undefined) throw invalid(`'${element.text.slice(0, 40)}' is no time.`, element.path);
  return read;
}
