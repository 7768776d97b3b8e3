import { EventList, eventType, object } from '@fintech-ledger/contract';
import type { EventsOf } from '@fintech-ledger/contract';
import { bookingEvent } from '@fintech-ledger/ledger/domain';
import { conversion, quote, rate } from './facts';
import type { ConversionFacts, QuoteFacts, RateFacts } from './facts';
import { quoteKey, ratesKey } from './records';

interface OfRate {
  readonly rate: RateFacts;
}
interface OfQuote {
  readonly quote: QuoteFacts;
}

/** What the journal of a payments ledger says of money between currencies. */
export const fxEvents = new EventList({ prefix: 'journal-' }, [
  eventType({
    name: 'FxRateSet',
    description: 'What a currency is worth in another one, from a moment on. Nothing is booked.',
    schema: object<OfRate>({ rate }),
    touches: (data: OfRate) => [ratesKey(data.rate)],
  }),
  eventType({
    name: 'FxQuoteCreated',
    description: 'What a conversion comes to, for as long as the quote may be used. Nothing is booked.',
    schema: object<OfQuote>({ quote }),
    touches: (data: OfQuote) => [quoteKey(data.quote.id)],
  }),
  bookingEvent<'FxConversionCreated', OfQuote & { readonly conversion: ConversionFacts }>({
    name: 'FxConversionCreated',
    description: 'Money of a balance became money of another currency, as a quote had promised.',
    fields: { conversion, quote },
    touches: (data) => [quoteKey(data.quote.id)],
  }),
]);
export type FxEvent = EventsOf<typeof fxEvents>;
