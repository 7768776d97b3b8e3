import type { Reader } from './reader';

/** Answers `At<TransactionView>`. */
export class GetTransaction {
  constructor(
    readonly reader: Reader,
    readonly transactionId: string,
  ) {}
}
