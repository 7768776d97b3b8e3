import { refused } from '@fintech-ledger/contract';
import { findCurrency, isBookable, unknownCurrency, withdrawnCurrency } from '@fintech-ledger/ledger/domain';

/** Why nothing is made in a currency; undefined: it may be. @param now RFC 3339 @param param where it is named */
export function currencyRefusal(
  currency: string,
  now: string,
  param = '/currency',
): ReturnType<typeof refused<'unknown_currency' | 'withdrawn_currency'>> | undefined {
  const known = findCurrency(currency);
  if (known === undefined || known.exponent === null)
    return refused(unknownCurrency, `${currency} is no currency that payments are made in.`, param);
  if (!isBookable(known, now)) return refused(withdrawnCurrency, `${currency} is withdrawn.`, param);
  return undefined;
}

/** Minor units with a point and all decimals of the currency, as ISO 20022 has amounts: `100` of KWD is `0.100`. */
export function decimal(minor: string, currency: string): string {
  const exponent = findCurrency(currency)?.exponent ?? 0;
  if (exponent === 0) return minor;
  const digits = minor.padStart(exponent + 1, '0');
  return `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
