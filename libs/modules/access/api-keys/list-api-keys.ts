import type { PageRequest, OrganizationReader } from '@fintech-ledger/projection-runtime';

/** Answers `At<Page<ApiKeyView>>`. */
export class ListApiKeys {
  constructor(
    readonly reader: OrganizationReader,
    readonly page: PageRequest,
  ) {}
}
