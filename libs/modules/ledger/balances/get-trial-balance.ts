import type { AsOf, PageRequest, Reader } from '@fintech-ledger/projection-runtime';

/** Answers `At<TrialBalanceView>`. */
export class GetTrialBalance {
  constructor(
    readonly reader: Reader,
    readonly asOf: AsOf | undefined,
    readonly page: PageRequest,
  ) {}
}
