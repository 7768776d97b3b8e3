import { formatMinor } from '@fintech-ledger/books/formats';
import type { ApiClient } from './api-client';
import { exponentsOf } from './exponents';

/** Amounts for people: `12.50 USD` of `1250`. */
export function moneyOf(api: ApiClient): (amount: string, currency: string) => Promise<string> {
  const exponentOf = exponentsOf(api);
  return async (amount, currency) => `${formatMinor(BigInt(amount), await exponentOf(currency))} ${currency}`;
}
