import type { EventStore } from '@fintech-ledger/event-store';
import type { Acknowledged, ApiParts } from '@fintech-ledger/http';
import type { CommandGateway } from '@fintech-ledger/journal';
import { PaymentsLedgers, PaymentsReader } from '@fintech-ledger/payments/nest';
import { acknowledgedPort, commandGatewayPort, eventStorePort } from '@fintech-ledger/projection-runtime';
import { splitQueriesPort } from '../read-model/queries';
import type { SplitQueries } from '../read-model/queries';
import { SplitRuleReads } from '../rules/split-rule-reads';
import { SplitRulesController } from '../rules/split-rules.controller';
import { SplitRuleWriter } from '../rules/split-rule-writer';
import { splitsPart } from '../splits-part';

/** What the API's process composes of splits. Loading it loads Nest. */
export const splitsApi: ApiParts = {
  controllers: [SplitRulesController],
  providers: [
    {
      provide: SplitRuleWriter,
      inject: [commandGatewayPort, PaymentsLedgers],
      useFactory: (gateway: CommandGateway, ledgers: PaymentsLedgers) =>
        new SplitRuleWriter(gateway, ledgers, splitsPart),
    },
    {
      provide: SplitRuleReads,
      inject: [splitQueriesPort, PaymentsLedgers, acknowledgedPort, eventStorePort],
      useFactory: (
        queries: SplitQueries,
        ledgers: PaymentsLedgers,
        acknowledged: Acknowledged,
        store: EventStore,
      ) =>
        new SplitRuleReads(
          queries,
          new PaymentsReader(queries, ledgers, acknowledged, 'The split rules have'),
          store,
        ),
    },
  ],
};
