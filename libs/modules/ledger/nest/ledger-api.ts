import { refusalFacts } from '../views/refusal-facts';
import { apiLogPort } from '@fintech-ledger/http';
import type { ApiLog, ApiParts } from '@fintech-ledger/http';
import type { EventStore } from '@fintech-ledger/event-store';
import { acknowledgedPort, commandGatewayPort, eventStorePort } from '@fintech-ledger/projection-runtime';
import { organizationQueriesPort } from '@fintech-ledger/access';
import { ledgerQueriesPort } from '../read-model/queries';
import { AccountCommandsController } from '../accounts/account-commands.controller';
import { AccountQueriesController } from '../accounts/account-queries.controller';
import { GetAccountHandler } from '../accounts/get-account.handler';
import { ListAccountsHandler } from '../accounts/list-accounts.handler';
import { GetBalanceHandler } from '../balances/get-balance.handler';
import { GetJournalBalanceHandler } from '../balances/get-journal-balance.handler';
import { GetTrialBalanceHandler } from '../balances/get-trial-balance.handler';
import { ListSubtreeBalancesHandler } from '../balances/list-subtree-balances.handler';
import { EventHub } from '../history/event-hub';
import { EventStreams } from '../history/event-streams';
import { EventsController } from '../history/events.controller';
import { ListAccountEntriesHandler } from '../history/list-account-entries.handler';
import { ReadEventsHandler } from '../history/read-events.handler';
import { WriteToLedgerHandler } from '../journal/write-to-ledger.handler';
import { GetLedgerHandler } from '../ledgers/get-ledger.handler';
import { LedgerDirectory } from '../ledgers/ledger-directory';
import { LedgersController } from '../ledgers/ledgers.controller';
import { ListLedgersHandler } from '../ledgers/list-ledgers.handler';
import { ReadModels } from '../ledgers/read-models';
import { UnitUse } from '../ledgers/unit-use';
import { WriteToOrganizationHandler } from '../ledgers/write-to-organization.handler';
import { PeriodClosesController } from '../periods/period-closes.controller';
import { BulkController } from '../transactions/bulk/bulk.controller';
import { GetTransactionHandler } from '../transactions/get-transaction.handler';
import { ListTransactionsHandler } from '../transactions/list-transactions.handler';
import { TransactionCommandsController } from '../transactions/transaction-commands.controller';
import { TransactionQueriesController } from '../transactions/transaction-queries.controller';
import { ListUnitsHandler } from '../units/list-units.handler';
import { UnitsController } from '../units/units.controller';

/** What the API's process composes of the ledger. */
export const ledgerApi: ApiParts = {
  controllers: [
    LedgersController,
    UnitsController,
    AccountCommandsController,
    AccountQueriesController,
    TransactionCommandsController,
    BulkController,
    TransactionQueriesController,
    EventsController,
    PeriodClosesController,
  ],
  problems: { facts: refusalFacts, factsOfEach: {} },
  providers: [
    {
      provide: LedgerDirectory,
      inject: [organizationQueriesPort, eventStorePort],
      useFactory: (...ports: ConstructorParameters<typeof LedgerDirectory>) => new LedgerDirectory(...ports),
    },
    {
      provide: UnitUse,
      inject: [commandGatewayPort],
      useFactory: (gateway: ConstructorParameters<typeof UnitUse>[0]) => new UnitUse(gateway),
    },
    {
      provide: ReadModels,
      inject: [LedgerDirectory, ledgerQueriesPort, organizationQueriesPort, acknowledgedPort],
      useFactory: (...ports: ConstructorParameters<typeof ReadModels>) => new ReadModels(...ports),
    },
    {
      provide: EventStreams,
      inject: [eventStorePort, apiLogPort],
      useFactory: (store: EventStore, log: ApiLog) =>
        new EventStreams({ store, hub: new EventHub(store) }, log),
    },
    GetAccountHandler,
    GetBalanceHandler,
    GetJournalBalanceHandler,
    GetLedgerHandler,
    GetTransactionHandler,
    GetTrialBalanceHandler,
    ListAccountEntriesHandler,
    ListAccountsHandler,
    ListLedgersHandler,
    ListSubtreeBalancesHandler,
    ListTransactionsHandler,
    ListUnitsHandler,
    ReadEventsHandler,
    WriteToLedgerHandler,
    WriteToOrganizationHandler,
  ],
};
