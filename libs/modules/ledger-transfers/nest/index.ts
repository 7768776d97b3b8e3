import { organizationQueriesPort } from '@fintech-ledger/access';
import type { OrganizationQueries } from '@fintech-ledger/access';
import type { EventStore } from '@fintech-ledger/event-store';
import type { Acknowledged, ApiParts } from '@fintech-ledger/http';
import { LedgerDirectory } from '@fintech-ledger/ledger';
import { acknowledgedPort, eventStorePort } from '@fintech-ledger/projection-runtime';
import { ledgerTransferQueriesPort } from '../read-model/queries';
import type { LedgerTransferQueries } from '../read-model/queries';
import { LedgerTransferReads } from '../transfers/ledger-transfer-reads';
import { LedgerTransfersController } from '../transfers/ledger-transfers.controller';
import { TransferSight } from '../transfers/transfer-sight';

/** What the API's process composes of transfers between ledgers. Loading it loads Nest. */
export const ledgerTransfersApi: ApiParts = {
  controllers: [LedgerTransfersController],
  providers: [
    {
      provide: TransferSight,
      inject: [ledgerTransferQueriesPort, organizationQueriesPort, LedgerDirectory, acknowledgedPort],
      useFactory: (
        queries: LedgerTransferQueries,
        organizations: OrganizationQueries,
        directory: LedgerDirectory,
        acknowledged: Acknowledged,
      ) => new TransferSight(queries, organizations, directory, acknowledged),
    },
    {
      provide: LedgerTransferReads,
      inject: [ledgerTransferQueriesPort, TransferSight, eventStorePort],
      useFactory: (queries: LedgerTransferQueries, sight: TransferSight, store: EventStore) =>
        new LedgerTransferReads(queries, sight, store),
    },
  ],
};
