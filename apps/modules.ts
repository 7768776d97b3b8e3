import { accessModule } from '@fintech-ledger/access';
import { booksModule } from '@fintech-ledger/books';
import { ledgerModule } from '@fintech-ledger/ledger';
import { Modules } from '@fintech-ledger/manifest';
import { operationsModule } from '@fintech-ledger/operations';

/** What the product consists of, in the order of operations in the reference and of rows that projections write. */
export const modules = new Modules([ledgerModule, booksModule, accessModule, operationsModule]);
