import type { LedgerQueries, PageRequest } from '../queries';
import type { Reader } from './reader';

/** Answers `At<Page<TransactionView>>`. */
export class ListTransactions {
  constructor(
    readonly reader: Reader,
    readonly filter: Parameters<LedgerQueries['transactions']>[1],
    readonly page: PageRequest,
  ) {}
}
