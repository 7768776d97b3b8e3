import type { PageRequest } from '../queries';
import type { OrganizationReader } from './reader';

/** Answers `At<Page<LedgerView>>`. */
export class ListLedgers {
  constructor(
    readonly reader: OrganizationReader,
    readonly page: PageRequest,
  ) {}
}
