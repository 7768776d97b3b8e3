import type { PageRequest, Reader } from '@fintech-ledger/projection-runtime';
import type { LedgerQueries } from '../read-model/queries';

/** Answers `At<Page<AccountView>>`. */
export class ListAccounts {
  constructor(
    readonly reader: Reader,
    readonly filter: Parameters<LedgerQueries['accounts']>[1],
    readonly page: PageRequest,
  ) {}
}
