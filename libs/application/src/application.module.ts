import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { LedgerDirectory } from './ledger-directory';
import {
  acknowledgedPort,
  commandGatewayPort,
  eventStorePort,
  ledgerQueriesPort,
  organizationQueriesPort,
} from './ports';
import { GetAccountHandler } from './reads/get-account.handler';
import { GetBalanceHandler } from './reads/get-balance.handler';
import { GetJournalBalanceHandler } from './reads/get-journal-balance.handler';
import { GetLedgerHandler } from './reads/get-ledger.handler';
import { GetTransactionHandler } from './reads/get-transaction.handler';
import { GetTrialBalanceHandler } from './reads/get-trial-balance.handler';
import { ListAccountEntriesHandler } from './reads/list-account-entries.handler';
import { ListAccountsHandler } from './reads/list-accounts.handler';
import { ListApiKeysHandler } from './reads/list-api-keys.handler';
import { ListLedgersHandler } from './reads/list-ledgers.handler';
import { ListProjectionsHandler } from './reads/list-projections.handler';
import { ListSubtreeBalancesHandler } from './reads/list-subtree-balances.handler';
import { ListTransactionsHandler } from './reads/list-transactions.handler';
import { ListUnitsHandler } from './reads/list-units.handler';
import { ReadEventsHandler } from './reads/read-events.handler';
import { ReadModels } from './reads/read-models';
import { UnitUse } from './unit-use';
import { IssueApiKeyHandler } from './writes/issue-api-key.handler';
import { WithdrawApiKeyHandler } from './writes/withdraw-api-key.handler';
import { WriteToLedgerHandler } from './writes/write-to-ledger.handler';
import { WriteToOrganizationHandler } from './writes/write-to-organization.handler';

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
