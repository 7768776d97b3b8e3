import type { EventStore } from '@fintech-ledger/event-store';
import type { Acknowledged, ApiParts } from '@fintech-ledger/http';
import type { CommandGateway } from '@fintech-ledger/journal';
import { PaymentsLedgers, PaymentsReader } from '@fintech-ledger/payments/nest';
import { acknowledgedPort, commandGatewayPort, eventStorePort } from '@fintech-ledger/projection-runtime';
import { optional, text } from '@fintech-ledger/shapes';
import { fxPart } from '../fx-part';
import { FxConversionsController } from '../money/conversions.controller';
import { FxReads } from '../money/fx-reads';
import { FxWriter } from '../money/fx-writer';
import { FxQuotesController } from '../money/quotes.controller';
import { FxRatesController } from '../money/rates.controller';
import { fxQueriesPort } from '../read-model/queries';
import type { FxQueries } from '../read-model/queries';

/** What the API's process composes of money between currencies. Loading it loads Nest. */
export const fxApi: ApiParts = {
  controllers: [FxRatesController, FxQuotesController, FxConversionsController],
  problems: {
    facts: { conversion: optional(text('`quote_used`: what the quote was used for.', 'fxc_1')) },
    factsOfEach: {},
  },
  providers: [
    {
      provide: FxWriter,
      inject: [commandGatewayPort, PaymentsLedgers],
      useFactory: (gateway: CommandGateway, ledgers: PaymentsLedgers) =>
        new FxWriter(gateway, ledgers, fxPart),
    },
    {
      provide: FxReads,
      inject: [fxQueriesPort, PaymentsLedgers, acknowledgedPort, eventStorePort],
      useFactory: (
        queries: FxQueries,
        ledgers: PaymentsLedgers,
        acknowledged: Acknowledged,
        store: EventStore,
      ) => {
        const reader = new PaymentsReader(queries, ledgers, acknowledged, 'Rates and conversions have');
        return new FxReads(queries, reader, ledgers, store);
      },
    },
  ],
};
