import type { PageRequest, Reader } from '@fintech-ledger/projection-runtime';
import type { LedgerQueries } from '../read-model/queries';

/** Answers `At<Page<TransactionView>>`. */
export class ListTransactions {
  constructor(
    readonly reader: Reader,
    readonly filter: Parameters<LedgerQueries['transactions']>[1],
    readonly page: PageRequest,
  ) {}
}
