import { publicEvent, publicEvents, unpublished } from '@fintech-ledger/shapes';
import { fxEvents } from './events';
import type { ConversionFacts } from './facts';
import { showConversion } from './show';
import { conversionShape } from './views';
import type { ConversionView } from './views';

interface OfConversion {
  readonly conversion: ConversionFacts;
}

/** What the journal of a payments ledger tells clients of money between currencies. */
export const fxPublicEvents = publicEvents(fxEvents, {
  FxRateSet: unpublished('The contract names no public event of rates: who sets them knows them.'),
  FxQuoteCreated: unpublished('A quote is an answer to who asked for it, and is over in a minute.'),
  FxConversionCreated: [
    publicEvent<OfConversion, ConversionView>({
      name: 'fx.conversion.created',
      description: 'Money of a balance became money of another currency.',
      object: conversionShape,
      shows: {},
      idsOf: ({ conversion: { id, quote } }) => [id, quote],
      objectOf: ({ conversion }) => showConversion(conversion),
    }),
  ],
});
