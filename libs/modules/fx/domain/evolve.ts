import { BrokenInvariant } from '@fintech-ledger/contract';
import type { FxEvent } from './events';
import type { QuoteFacts } from './facts';
import { quoteKey, quoteOf, ratesKey, ratesOf, withRate } from './records';
import type { FxRecord, FxView } from './records';

export interface FxChange {
  readonly key: string;
  readonly record: FxRecord;
}

/** The record that an event changes. @throws BrokenInvariant when it contradicts the state */
export function evolveFx(view: FxView, { type, data }: FxEvent): readonly FxChange[] {
  switch (type) {
    case 'FxRateSet': {
      const { rate } = data;
      return [
        { key: ratesKey(rate), record: { kind: 'fx_rates', rates: withRate(ratesOf(view, rate), rate) } },
      ];
    }
    case 'FxQuoteCreated':
      if (quoteOf(view, data.quote.id) !== undefined) throw broken(type, data.quote.id);
      return [changed(data.quote)];
    case 'FxConversionCreated':
      if (quoteOf(view, data.quote.id)?.conversion !== null) throw broken(type, data.quote.id);
      return [changed(data.quote)];
  }
}

const changed = (quote: QuoteFacts): FxChange => ({
  key: quoteKey(quote.id),
  record: { kind: 'fx_quote', quote },
});
const broken = (type: string, id: string): BrokenInvariant =>
  new BrokenInvariant(`${type} contradicts what is known of ${id}`);
