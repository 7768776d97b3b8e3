import type { AsOf, Reader } from '@fintech-ledger/projection-runtime';

/** An account's balance, now or as of a moment. Answers `At<BalanceView>`. */
export class GetBalance {
  constructor(
    readonly reader: Reader,
    readonly address: string,
    readonly asOf: AsOf | undefined,
  ) {}
}
