import type { Reader } from '@fintech-ledger/projection-runtime';

/** Answers `At<TransactionView>`. */
export class GetTransaction {
  constructor(
    readonly reader: Reader,
    readonly transactionId: string,
  ) {}
}
