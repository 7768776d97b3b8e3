import type { LedgerQueries, PageRequest, Reader } from '@fintech-ledger/projection-runtime';

/** Balances summed by the first segments of the addresses. Answers `At<Page<SubtreeBalanceView>>`. */
export class ListSubtreeBalances {
  constructor(
    readonly reader: Reader,
    readonly request: Parameters<LedgerQueries['subtreeBalances']>[1],
    readonly page: PageRequest,
  ) {}
}
