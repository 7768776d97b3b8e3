import type { Reader } from './reader';

/** One account. Answers `At<AccountView>`. */
export class GetAccount {
  constructor(
    readonly reader: Reader,
    readonly address: string,
  ) {}
}
