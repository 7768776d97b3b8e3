// What Nest composes: loading it loads Nest, so processes that need only the shapes import the index beside it.
export { AccountCommandsController } from '../accounts/account-commands.controller';
export { AccountQueriesController } from '../accounts/account-queries.controller';
export { AccountsQuery, BalanceQuery, SubtreeBalancesQuery } from '../accounts/account-queries.dto';
export { AmendAccountDto, OpenAccountDto } from '../accounts/account.dto';
export { GetAccountHandler } from '../accounts/get-account.handler';
export { ListAccountsHandler } from '../accounts/list-accounts.handler';
export { GetBalanceHandler } from '../balances/get-balance.handler';
export { GetJournalBalanceHandler } from '../balances/get-journal-balance.handler';
export { GetTrialBalanceHandler } from '../balances/get-trial-balance.handler';
export { ListSubtreeBalancesHandler } from '../balances/list-subtree-balances.handler';
export { EventStreams } from '../history/event-streams';
export { EventsController } from '../history/events.controller';
export { EventsQuery } from '../history/events.dto';
export { ListAccountEntriesHandler } from '../history/list-account-entries.handler';
export { ReadEventsHandler } from '../history/read-events.handler';
export { WriteToLedgerHandler } from '../journal/write-to-ledger.handler';
export { GetLedgerHandler } from '../ledgers/get-ledger.handler';
export { CreateLedgerDto } from '../ledgers/ledger.dto';
export { LedgersController } from '../ledgers/ledgers.controller';
export { ListLedgersHandler } from '../ledgers/list-ledgers.handler';
export { WriteToOrganizationHandler } from '../ledgers/write-to-organization.handler';
export { BulkController } from '../transactions/bulk/bulk.controller';
export { GetTransactionHandler } from '../transactions/get-transaction.handler';
export { ListTransactionsHandler } from '../transactions/list-transactions.handler';
export { TransactionCommandsController } from '../transactions/transaction-commands.controller';
export { TransactionQueriesController } from '../transactions/transaction-queries.controller';
export { TransactionsQuery } from '../transactions/transaction-queries.dto';
export {
  BulkDto,
  CaptureDto,
  ReverseDto,
  TransactionDto,
  TransferDto,
} from '../transactions/transaction.dto';
export { ListUnitsHandler } from '../units/list-units.handler';
export { DeclareUnitDto } from '../units/unit.dto';
export { UnitsController } from '../units/units.controller';
