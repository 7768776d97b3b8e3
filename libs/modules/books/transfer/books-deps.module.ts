import type { Provider } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { auditKeysPort, judgeBy, ProofBundles } from '@fintech-ledger/audit';
import type { AuditKeys } from '@fintech-ledger/audit';
import { sealedMetadataPort } from '@fintech-ledger/http';
import type { SealedMetadata } from '@fintech-ledger/http';
import { LedgerDirectory } from '@fintech-ledger/ledger';
import { commandGatewayPort, eventStorePort } from '@fintech-ledger/projection-runtime';
import { organizationQueriesPort } from '@fintech-ledger/access';
import { ledgerQueriesPort } from '@fintech-ledger/ledger';
import { booksDepsPort } from './books-deps-port';
import type { BooksDeps } from './books-of-ledger';

/** What import and export need, from the ports. */
export const booksDeps: Provider = {
  provide: booksDepsPort,
  inject: [
    CommandBus,
    commandGatewayPort,
    ledgerQueriesPort,
    organizationQueriesPort,
    eventStorePort,
    ProofBundles,
    auditKeysPort,
    sealedMetadataPort,
  ],
  useFactory: (
    commands: BooksDeps['commands'],
    gateway: BooksDeps['gateway'],
    ledgers: BooksDeps['ledgers'],
    organizations: BooksDeps['organizations'],
    store: ConstructorParameters<typeof LedgerDirectory>[1],
    proofs: ProofBundles,
    keys: AuditKeys,
    metadata: SealedMetadata,
  ): BooksDeps => {
    const directory = new LedgerDirectory(organizations, store);
    return {
      ...{ commands, gateway, ledgers, organizations, directory, store, proofs, metadata },
      judge: judgeBy(keys),
    };
  },
};
