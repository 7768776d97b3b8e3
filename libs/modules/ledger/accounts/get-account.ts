import type { Reader } from '@fintech-ledger/projection-runtime';

/** One account. Answers `At<AccountView>`. */
export class GetAccount {
  constructor(
    readonly reader: Reader,
    readonly address: string,
  ) {}
}
