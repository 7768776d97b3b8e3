// What Nest composes: loading it loads Nest, so processes that need only the shapes import the index beside it.
export type { BooksDeps } from '../transfer/books-of-ledger';
export { ExportController } from '../transfer/export.controller';
export { ImportController } from '../transfer/import.controller';
export { OngoingImports } from '../transfer/ongoing-imports';
