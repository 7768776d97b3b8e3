import { importFacts } from '@fintech-ledger/books/formats';
import type { ApiParts } from '@fintech-ledger/http';
import { booksDeps } from '../transfer/books-deps.module';
import { ExportController } from '../transfer/export.controller';
import { ImportController } from '../transfer/import.controller';
import { OngoingImports } from '../transfer/ongoing-imports';
import { importSpool } from '../transfer/import-spool.module';

export { importSpoolPort } from '../transfer/books-deps-port';
export type { SpoolOptions } from '../transfer/spool';

/** What the API's process composes of import and export. Loading it loads Nest. */
export const booksApi: ApiParts = {
  controllers: [ImportController, ExportController],
  problems: importFacts,
  providers: [OngoingImports, booksDeps, importSpool],
};
