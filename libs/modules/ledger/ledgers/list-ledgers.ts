import type { PageRequest, OrganizationReader } from '@fintech-ledger/projection-runtime';

/** Answers `At<Page<LedgerView>>`. */
export class ListLedgers {
  constructor(
    readonly reader: OrganizationReader,
    readonly page: PageRequest,
  ) {}
}
