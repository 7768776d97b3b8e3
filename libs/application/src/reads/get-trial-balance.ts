import type { AsOf, PageRequest } from '../queries';
import type { Reader } from './reader';

/** Answers `At<TrialBalanceView>`. */
export class GetTrialBalance {
  constructor(
    readonly reader: Reader,
    readonly asOf: AsOf | undefined,
    readonly page: PageRequest,
  ) {}
}
