import type { Provider } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { LedgerDirectory } from '@fintech-ledger/ledger';
import { eventStorePort } from '@fintech-ledger/projection-runtime';
import { organizationQueriesPort } from '@fintech-ledger/access';
import { ledgerQueriesPort } from '@fintech-ledger/ledger';
import { booksDepsPort } from './books-deps-port';
import type { BooksDeps } from './books-of-ledger';

/** What import and export need, from the ports. */
export const booksDeps: Provider = {
  provide: booksDepsPort,
  inject: [CommandBus, ledgerQueriesPort, organizationQueriesPort, eventStorePort],
  useFactory: (
    commands: BooksDeps['commands'],
    ledgers: BooksDeps['ledgers'],
    organizations: BooksDeps['organizations'],
    store: ConstructorParameters<typeof LedgerDirectory>[1],
  ): BooksDeps => {
    const directory = new LedgerDirectory(organizations, store);
    return { commands, ledgers, organizations, directory, store };
  },
};
