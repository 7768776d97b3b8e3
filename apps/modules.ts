import { accessModule } from '@fintech-ledger/access';
import { booksModule } from '@fintech-ledger/books';
import { eventsModule, PublicEventRegistry } from '@fintech-ledger/events';
import { ledgerModule } from '@fintech-ledger/ledger';
import { Modules } from '@fintech-ledger/manifest';
import { operationsModule } from '@fintech-ledger/operations';
import { webhooksModule } from '@fintech-ledger/webhooks';

const capabilities = [ledgerModule, booksModule, accessModule, operationsModule, webhooksModule];

/** What clients are told of what these do. */
export const publicEvents = new PublicEventRegistry(capabilities);
/** What the product consists of, in the order of operations in the reference and of rows that projections write. */
export const modules = new Modules([...capabilities, eventsModule(publicEvents)]);
