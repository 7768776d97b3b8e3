import type { LedgerQueries, PageRequest } from '../queries';
import type { Reader } from './reader';

/** Answers `At<Page<AccountView>>`. */
export class ListAccounts {
  constructor(
    readonly reader: Reader,
    readonly filter: Parameters<LedgerQueries['accounts']>[1],
    readonly page: PageRequest,
  ) {}
}
