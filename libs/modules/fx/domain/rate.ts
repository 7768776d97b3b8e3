import { BrokenInvariant } from '@fintech-ledger/contract';
import { findCurrency } from '@fintech-ledger/ledger/domain';

/*
 * Exact arithmetic with rates: fractions of integers, so nothing is ever rounded but the amount that comes out of it,
 * and that always down. A rate says how many major units of the quote currency one major unit of the base currency is
 * worth.
 */

/** A decimal as a fraction, its denominator a power of ten: so it is shown with the decimals that it was given with. */
export interface Fraction {
  readonly denominator: string;
  readonly numerator: string;
}

/** A ratio above zero. */
export interface Ratio {
  readonly over: bigint;
  readonly of: bigint;
}

/** @param decimal digits, with a point and further digits or without */
export function fractionOf(decimal: string): Fraction {
  const [whole = '', decimals = ''] = decimal.split('.');
  return {
    denominator: String(10n ** BigInt(decimals.length)),
    numerator: String(BigInt(whole + decimals)),
  };
}

/** With as many decimals as it was given with. */
export function decimalOf({ denominator, numerator }: Fraction): string {
  const decimals = denominator.length - 1;
  const digits = numerator.padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

export const ratioOf = ({ denominator, numerator }: Fraction): Ratio => ({
  of: BigInt(numerator),
  over: BigInt(denominator),
});
export const isBelow = (one: Ratio, other: Ratio): boolean => one.of * other.over < other.of * one.over;

/** What lies in the middle of two rates: a decimal as well. */
export function midOf(bid: Fraction, ask: Fraction): Fraction {
  const [b, a] = [ratioOf(bid), ratioOf(ask)];
  const over = b.over > a.over ? b.over : a.over;
  const sum = b.of * (over / b.over) + a.of * (over / a.over);
  // A half is five tenths.
  return sum % 2n === 0n
    ? { denominator: String(over), numerator: String(sum / 2n) }
    : { denominator: String(over * 10n), numerator: String(sum * 5n) };
}

export interface Pair {
  readonly base: string;
  readonly quote: string;
}

/** How many minor units of the quote currency one minor unit of the base currency is worth. */
export function perMinorUnit(rate: Fraction, { base, quote }: Pair): Ratio {
  const { of, over } = ratioOf(rate);
  return { of: of * 10n ** exponentOf(quote), over: over * 10n ** exponentOf(base) };
}

export const inverse = ({ of, over }: Ratio): Ratio => ({ of: over, over: of });

/** The amount times the ratio, rounded down: towards what is less, below zero too. Minor units. */
export function timesDown(amount: bigint, { of, over }: Ratio): bigint {
  const product = amount * of;
  const quotient = product / over;
  return product % over < 0n ? quotient - 1n : quotient;
}

function exponentOf(code: string): bigint {
  const exponent = findCurrency(code)?.exponent;
  if (exponent === undefined || exponent === null) throw new BrokenInvariant(`${code} has no minor unit`);
  return BigInt(exponent);
}
