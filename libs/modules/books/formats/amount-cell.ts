import { isGroupSign, readNumber } from './number-text';
import type { NumberReading } from './number-text';
import { problem } from './problem';
import type { ImportProblem } from './problem';
import { invalidAmount } from '@fintech-ledger/ledger/domain';

export interface AmountCell {
  readonly number: NumberReading;
  readonly isNegative: boolean;
  /** The unit that stands beside the number, as it is written; null: none does. */
  readonly unit: string | null;
}

const cellCharactersMax = 200;
const minusSigns = '-\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d';
const plusSigns = '+\uff0b';
const letter = /^[\p{L}\p{M}\p{Sc}]$/u;
const space = /^\s$/u;
const digit = /^[0-9]$/;
/** What banks write behind an amount to say which side it is on: whose side is not told. */
const sides: ReadonlySet<string> = new Set(['CR', 'DR']);

/** `isApart`: white space stands before it. */
interface Word {
  readonly kind: 'number' | 'unit' | 'quoted';
  readonly text: string;
  readonly isApart: boolean;
}
interface Sign {
  readonly kind: '+' | '-' | '(' | ')';
  readonly isApart: boolean;
}
type Token = Word | Sign;

/**
 * An amount as hledger, beancount, banks and spreadsheets print it: `-1000.00`, `$-1,000.00`, `−$1,000.00`, `(10.00)`, `10.00-`,
 * `1’234.50 CHF`, `6.675 VBMPX {71.92 USD}` (the cost is skipped). One pass from left to right. A unit is letters, digits and currency
 * signs, or quoted; any other sign is understood or an error, never a part of a unit.
 */
export function readAmountCell(text: string): AmountCell | ImportProblem {
  const wrong = (why: string): ImportProblem => problem(invalidAmount, `'${text.slice(0, 60)}' ${why}`);
  if (text.length > cellCharactersMax)
    return wrong(`is longer than an amount (${cellCharactersMax} characters)`);
  // Marks of the direction of writing have no meaning here.
  const scanned = scan([...text.replace(/\p{Cf}/gu, '').trim()]);
  if (typeof scanned === 'string') return wrong(scanned);
  const found = amountOf(scanned.tokens);
  if (typeof found === 'string') return wrong(found);
  if (scanned.price !== undefined) {
    const price = readAmountCell(scanned.price);
    if ('code' in price) return wrong('has a price that is not an amount');
  }
  return found;
}

interface Scanned {
  readonly tokens: readonly Token[];
  /** Behind an `@`. */
  readonly price?: string;
}

function scan(characters: readonly string[]): Scanned | string {
  const tokens: Token[] = [];
  let isApart = false;
  for (let i = 0; i < characters.length;) {
    const character = characters[i] ?? '';
    if (space.test(character)) {
      isApart = true;
      i += 1;
      continue;
    }
    if (character === '{' || character === '@') return withCost(tokens, characters.slice(i).join(''));
    const kind = signOf(character);
    if (kind !== undefined) {
      tokens.push({ kind, isApart });
      i += 1;
    } else {
      const end = endOfWord(
        characters,
        i,
        tokens.some((token) => token.kind === 'number'),
      );
      if (end === undefined)
        return character === '"' ? 'has a quote that does not end' : `has '${character}' in it`;
      const word = characters.slice(i, end).join('');
      if (character === '"') tokens.push({ kind: 'quoted', text: word.slice(1, -1).trim(), isApart });
      else tokens.push({ kind: letter.test(character) ? 'unit' : 'number', text: word, isApart });
      i = end;
    }
    isApart = false;
  }
  return { tokens };
}

function signOf(character: string): '+' | '-' | '(' | ')' | undefined {
  if (minusSigns.includes(character)) return '-';
  if (plusSigns.includes(character)) return '+';
  return character === '(' || character === ')' ? character : undefined;
}

/** Where a number, a unit or what is quoted ends, which begins at `start`; undefined: none of them begins there. */
function endOfWord(
  characters: readonly string[],
  start: number,
  isBehindNumber: boolean,
): number | undefined {
  const first = characters[start] ?? '';
  if (first === '"') {
    const end = characters.indexOf('"', start + 1);
    return end < 0 ? undefined : end + 1;
  }
  const at = (i: number): string => characters[i] ?? '';
  let end = start + 1;
  if (letter.test(first)) {
    for (; end < characters.length; end += 1) {
      const isInner = "._'&/-".includes(at(end)) && /^[\p{L}\p{Sc}]$/u.test(at(end + 1));
      const isEnd = at(end) === '.' && (end + 1 === characters.length || space.test(at(end + 1)));
      const isDigit = isBehindNumber && /^[0-9]$/.test(at(end));
      if (!letter.test(at(end)) && !isDigit && !isInner && !isEnd) break;
    }
    return end;
  }
  if (!digit.test(first) && first !== '.' && first !== ',') return undefined;
  for (; end < characters.length; end += 1) {
    const isGroup = isGroupSign(at(end)) && digit.test(at(end - 1)) && digit.test(at(end + 1));
    if (!digit.test(at(end)) && at(end) !== '.' && at(end) !== ',' && !isGroup) break;
  }
  return end;
}

/** What follows an amount: `{cost}`, `@ price`, or both. */
function withCost(tokens: readonly Token[], text: string): Scanned | string {
  let rest = text;
  if (rest.startsWith('{')) {
    const end = rest.startsWith('{{') ? rest.indexOf('}}') + 1 : rest.indexOf('}');
    if (end <= 0) return 'has a cost that does not end';
    rest = rest.slice(end + 1).trim();
  }
  if (rest === '') return { tokens };
  if (!rest.startsWith('@')) return 'has something behind its cost';
  const price = rest.slice(rest.startsWith('@@') ? 2 : 1);
  return /[{@]/.test(price) ? 'has two prices' : { tokens, price };
}

function amountOf(tokens: readonly Token[]): AmountCell | string {
  const words = tokens.filter((token) => 'text' in token);
  const numbers = words.filter(({ kind }) => kind === 'number');
  const units = words.filter(({ kind }) => kind !== 'number');
  const [number, second] = numbers;
  if (number === undefined) return 'is not an amount';
  if (second !== undefined) return 'has two numbers in it';
  if (units.length > 1) return 'has two units: put one of several words in quotes';
  const before = tokens[tokens.indexOf(number) - 1];
  // The point of `Fr.10` belongs to the unit.
  if (
    /^[.,]/.test(number.text) &&
    !number.isApart &&
    before?.kind === 'unit' &&
    /\p{L}$/u.test(before.text)
  ) {
    return `has a unit that ends in '${number.text.charAt(0)}': put a space behind it`;
  }
  const reading = readNumber(number.text);
  if (reading === undefined) return 'has a number that is written in no way that is known';
  const sign = signIn(tokens, tokens.indexOf(number), number.text);
  if (typeof sign === 'string') return sign;
  const [unit] = units;
  const isBare = unit?.kind === 'unit' ? unit.text : '';
  if (sides.has(isBare.toUpperCase()))
    return `says ${isBare}: write the amount with a sign, a positive one is a debit`;
  if (unit?.text === '') return 'has a unit without a name';
  if (/\d/.test(isBare) && unit?.isApart === false) return 'has a unit that is not apart from the number';
  return { number: reading, isNegative: sign.isNegative, unit: unit?.text ?? null };
}

function signIn(
  tokens: readonly Token[],
  numberAt: number,
  number: string,
): { readonly isNegative: boolean } | string {
  const signs = tokens.filter(({ kind }) => kind === '+' || kind === '-');
  const opens = tokens.findIndex(({ kind }) => kind === '(');
  const closes = tokens.findIndex(({ kind }) => kind === ')');
  const brackets = tokens.filter(({ kind }) => kind === '(' || kind === ')').length;
  if (brackets > 0) {
    const isPair = brackets === 2 && opens >= 0 && opens < numberAt && closes > numberAt;
    return isPair && signs.length === 0
      ? { isNegative: true }
      : 'has brackets that do not say that it is negative';
  }
  const [sign, second] = signs;
  if (second !== undefined) return 'has two signs';
  if (sign === undefined) return { isNegative: false };
  const at = tokens.indexOf(sign);
  const next = tokens[at + 1];
  // `10.-` is a price without cents, and `5 -USD` says nothing that is known.
  const isOdd = at > numberAt && (/[.,]$/.test(number) || (sign.isApart && next?.isApart === false));
  return isOdd ? 'has a sign where none is expected' : { isNegative: sign.kind === '-' };
}
