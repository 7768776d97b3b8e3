import { Module } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { LedgerDirectory } from '@fintech-ledger/ledger';
import {
  eventStorePort,
  ledgerQueriesPort,
  organizationQueriesPort,
} from '@fintech-ledger/projection-runtime';
import { ApplicationModule } from './application.module';
import { booksDepsPort } from '@fintech-ledger/books';
import type { BooksDeps } from '@fintech-ledger/books/nest';
import { OngoingImports } from '@fintech-ledger/books/nest';

/** What import and export need; their controllers stand with the others in controllers.ts. */
@Module({
  imports: [ApplicationModule],
  providers: [
    OngoingImports,
    {
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
    },
  ],
  exports: [booksDepsPort, OngoingImports],
})
export class ImportExportModule {}
