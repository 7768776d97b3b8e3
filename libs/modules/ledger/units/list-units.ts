import type { PageRequest, OrganizationReader } from '@fintech-ledger/projection-runtime';

/** Answers `At<Page<UnitView>>`. */
export class ListUnits {
  constructor(
    readonly reader: OrganizationReader,
    readonly page: PageRequest,
  ) {}
}
