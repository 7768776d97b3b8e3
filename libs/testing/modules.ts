import { accessModule } from '@fintech-ledger/access';
import { ledgerModule } from '@fintech-ledger/ledger';
import { Modules } from '@fintech-ledger/manifest';

/** The modules that have streams, for specs of what runs modules. The product's own list is that of the apps. */
export const ledgerAndAccess = new Modules([ledgerModule, accessModule]);
