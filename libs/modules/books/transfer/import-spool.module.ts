import type { Provider } from '@nestjs/common';
import { importSpoolPort } from './books-deps-port';
import { Spool } from './spool';

/** The spool of this process. */
export const importSpool: Provider = {
  provide: Spool,
  inject: [importSpoolPort],
  useFactory: Spool.open,
};
