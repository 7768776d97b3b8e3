import type { PageRequest, Reader } from '@fintech-ledger/projection-runtime';
import type { LedgerQueries } from '../read-model/queries';

/** Balances summed by the first segments of the addresses. Answers `At<Page<SubtreeBalanceView>>`. */
export class ListSubtreeBalances {
  constructor(
    readonly reader: Reader,
    readonly request: Parameters<LedgerQueries['subtreeBalances']>[1],
    readonly page: PageRequest,
  ) {}
}
