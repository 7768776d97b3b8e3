import type { QuoteFacts, RateFacts } from './facts';
import type { Pair } from './rate';

/** The rate of a pair that is in force, and those that will be: earliest first. */
export interface RatesRecord {
  readonly kind: 'fx_rates';
  readonly rates: readonly RateFacts[];
}
export interface QuoteRecord {
  readonly kind: 'fx_quote';
  readonly quote: QuoteFacts;
}
export type FxRecord = RatesRecord | QuoteRecord;

/** What keys of each kind begin with. */
export const fxRecordKeys = { fx_rates: 'fx_rates:', fx_quote: 'fx_quote:' } as const;
export const ratesKey = ({ base, quote }: Pair): string => `${fxRecordKeys.fx_rates}${base}:${quote}`;
export const quoteKey = (id: string): string => `${fxRecordKeys.fx_quote}${id}`;

/** Read access to a journal's state, in which others have records too. */
export interface FxView {
  get(key: string): { readonly kind: string } | undefined;
}

export function ratesOf(view: FxView, pair: Pair): readonly RateFacts[] {
  const record = view.get(ratesKey(pair));
  return record?.kind === 'fx_rates' ? (record as RatesRecord).rates : [];
}
export function quoteOf(view: FxView, id: string): QuoteFacts | undefined {
  const record = view.get(quoteKey(id));
  return record?.kind === 'fx_quote' ? (record as QuoteRecord).quote : undefined;
}

/** The one in force. @param now RFC 3339, UTC, milliseconds */
export const inForce = (rates: readonly RateFacts[], now: string): RateFacts | undefined =>
  rates.findLast(({ validFrom }) => validFrom <= now);

/** With one more: of two from one moment on the later recorded counts, and what is over when it is set is forgotten. */
export function withRate(rates: readonly RateFacts[], rate: RateFacts): readonly RateFacts[] {
  const others = rates.filter(({ validFrom }) => validFrom !== rate.validFrom);
  const all = [...others, rate].sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
  const first = all.findLastIndex(({ validFrom }) => validFrom <= rate.createdAt);
  return all.slice(first < 0 ? 0 : first);
}
