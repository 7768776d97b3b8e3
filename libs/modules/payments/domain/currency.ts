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
