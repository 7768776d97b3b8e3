import type { PageRequest, Reader } from '@fintech-ledger/projection-runtime';
import type { LedgerQueries } from '../read-model/queries';

/** The statement of an account. Answers `At<Page<AccountEntryView>>`. */
export class ListAccountEntries {
  constructor(
    readonly reader: Reader,
    readonly address: string,
    readonly filter: Parameters<LedgerQueries['accountEntries']>[2],
    readonly page: PageRequest,
  ) {}
}
