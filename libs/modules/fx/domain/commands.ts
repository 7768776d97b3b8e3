import type { Money, RateFacts } from './facts';

export interface SetFxRate extends Pick<RateFacts, 'base' | 'livemode' | 'quote' | 'source'> {
  readonly type: 'SetFxRate';
  /** Decimals. */
  readonly ask: string;
  readonly bid: string;
  /** RFC 3339, UTC, milliseconds; null: now. */
  readonly validFrom: string | null;
}
export interface CreateFxQuote {
  readonly type: 'CreateFxQuote';
  readonly from: Money;
  readonly livemode: boolean;
  /** A currency. */
  readonly to: string;
}
export interface CreateFxConversion {
  readonly type: 'CreateFxConversion';
  readonly livemode: boolean;
  /** The id of a quote. */
  readonly quote: string;
}
export type FxCommand = SetFxRate | CreateFxQuote | CreateFxConversion;
