import { Module } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  LedgerDirectory,
  eventStorePort,
  ledgerQueriesPort,
  organizationQueriesPort,
} from '@fintech-ledger/application';
import { ApplicationModule } from '../../../../libs/application/src/application.module';
import { booksDepsPort } from './books-deps-port';
import type { BooksDeps } from './books-of-ledger';
import { OngoingImports } from './ongoing-imports';

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
