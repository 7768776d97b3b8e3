// What Nest composes: loading it loads Nest, so processes that need only the shapes import the index beside it.
export { AccountsQuery, BalanceQuery, SubtreeBalancesQuery } from '../accounts/account-queries.dto';
export { AmendAccountDto, OpenAccountDto } from '../accounts/account.dto';
export { EventsQuery } from '../history/events.dto';
export { CreateLedgerDto } from '../ledgers/ledger.dto';
export { TransactionsQuery } from '../transactions/transaction-queries.dto';
export { CaptureDto, ReverseDto } from '../transactions/amendment.dto';
export { BulkDto, TransactionDto, TransferDto } from '../transactions/transaction.dto';
export { DeclareUnitDto } from '../units/unit.dto';
export { ledgerApi } from './ledger-api';
export { ReadEvents } from '../history/read-events.handler';
export type { EventPage } from '../history/read-events.handler';
export { WriteToLedger } from '../journal/write-to-ledger.handler';
export type { Commands } from '../journal/write-to-ledger.handler';
export { GetLedger } from '../ledgers/get-ledger.handler';
export { WriteToOrganization } from '../ledgers/write-to-organization.handler';
