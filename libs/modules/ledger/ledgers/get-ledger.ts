import type { OrganizationReader } from '@fintech-ledger/projection-runtime';

/** Answers `At<LedgerView>`, at a revision of the organization: there the ledger was made. */
export class GetLedger {
  constructor(
    readonly reader: OrganizationReader,
    readonly ledgerId: string,
  ) {}
}
