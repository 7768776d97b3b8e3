import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { LedgerDirectory, ReadModels, UnitUse } from '@fintech-ledger/ledger';
import {
  acknowledgedPort,
  commandGatewayPort,
  eventStorePort,
  ledgerQueriesPort,
  organizationQueriesPort,
} from '@fintech-ledger/projection-runtime';
import {
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
} from '@fintech-ledger/ledger/nest';
import { ListApiKeysHandler, IssueApiKeyHandler, WithdrawApiKeyHandler } from '@fintech-ledger/access/nest';
import { ListProjectionsHandler } from './operations/list-projections.handler';

/** All command and query handlers. The ports (see ports.ts) must be provided by a global module. */
@Module({
  imports: [CqrsModule.forRoot()],
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
    GetAccountHandler,
    GetBalanceHandler,
    GetJournalBalanceHandler,
    GetLedgerHandler,
    GetTransactionHandler,
    GetTrialBalanceHandler,
    IssueApiKeyHandler,
    ListAccountEntriesHandler,
    ListAccountsHandler,
    ListApiKeysHandler,
    ListLedgersHandler,
    ListProjectionsHandler,
    ListSubtreeBalancesHandler,
    ListTransactionsHandler,
    ListUnitsHandler,
    ReadEventsHandler,
    WithdrawApiKeyHandler,
    WriteToLedgerHandler,
    WriteToOrganizationHandler,
  ],
  exports: [CqrsModule, LedgerDirectory, ReadModels],
})
export class ApplicationModule {}
