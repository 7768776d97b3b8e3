import { booksRefusals } from '@fintech-ledger/books/formats';
import type { ModuleManifest } from '@fintech-ledger/manifest';

/** Import and export of books. It has no streams: it books through the ledger, and reads what the ledger has. */
export const booksModule: ModuleManifest = {
  name: 'books',
  imports: ['ledger', 'access', 'audit'],
  streams: [],
  refusals: booksRefusals,
  scopes: [],
  projections: [],
  policies: [],
  migrations: [],
  api: [async () => (await import('@fintech-ledger/books/nest')).booksApi],
};
