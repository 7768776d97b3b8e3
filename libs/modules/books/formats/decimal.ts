import { trimEndOf } from '@fintech-ledger/contract';

/** An exact decimal number: `digits` / 10^`decimals`. Never with needless zeros after the decimal mark. */
export interface Decimal {
  readonly digits: bigint;
  readonly decimals: number;
}

/** The number in minor units of a unit with this exponent; undefined when it has more decimals than that. */
export function toMinor(value: Decimal, exponent: number): bigint | undefined {
  return value.decimals > exponent ? undefined : value.digits * 10n ** BigInt(exponent - value.decimals);
}

/** `integer` and `fraction` are digits only. */
export function decimalOf(isNegative: boolean, integer: string, fraction: string): Decimal {
  const significant = trimEndOf(fraction, '0');
  const digits = BigInt(`${integer}${significant}`);
  return { digits: isNegative ? -digits : digits, decimals: significant.length };
}

/** Minor units as a decimal number with a point and all decimals of the unit: `-1050` at exponent 2 is `-10.50`. */
export function formatMinor(amountMinor: bigint, exponent: number): string {
  const sign = amountMinor < 0n ? '-' : '';
  const digits = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(exponent + 1, '0');
  if (exponent === 0) return `${sign}${digits}`;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
