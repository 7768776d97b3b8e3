export { ledgerTransfersModule } from './ledger-transfers.module';
export { ledgerTransfersPart } from './ledger-transfers-part';
export { ledgerTransfersProjectionName } from './read-model/ledger-transfers-projection';
export { postgresLedgerTransferQueries } from './read-model/postgres-queries';
export { ledgerTransferQueriesPort } from './read-model/queries';
export type { LedgerTransferQueries } from './read-model/queries';
export { TransitWatch } from './read-model/transit-watch';
export type { TransitDifference, TransitLook } from './read-model/transit-watch';
