import type { OrganizationReader } from './reader';

/** Answers `At<LedgerView>`, at a revision of the organization: there the ledger was made. */
export class GetLedger {
  constructor(
    readonly reader: OrganizationReader,
    readonly ledgerId: string,
  ) {}
}
