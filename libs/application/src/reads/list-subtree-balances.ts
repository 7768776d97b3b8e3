import type { LedgerQueries, PageRequest } from '../queries';
import type { Reader } from './reader';

/** Balances summed by the first segments of the addresses. Answers `At<Page<SubtreeBalanceView>>`. */
export class ListSubtreeBalances {
  constructor(
    readonly reader: Reader,
    readonly request: Parameters<LedgerQueries['subtreeBalances']>[1],
    readonly page: PageRequest,
  ) {}
}
