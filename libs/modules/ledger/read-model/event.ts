import type { AccessEvent } from '@fintech-ledger/access/domain';
import type { LedgerEvent } from '@fintech-ledger/ledger/domain';

/** Its place in the chain of its stream's hashes. */
interface Linked {
  readonly previousHash: string;
  readonly hash: string;
}

/** An event of a ledger's journal, as projections read it. Times: milliseconds since 1970. */
export interface JournalEvent extends Linked {
  readonly kind: 'journal';
  readonly ledgerId: string;
  readonly revision: number;
  readonly id: string;
  readonly recordedMs: number;
  readonly effectiveMs: number;
  readonly event: LedgerEvent;
}

export interface OrganizationEvent extends Linked {
  readonly kind: 'organization';
  readonly organizationId: string;
  readonly revision: number;
  readonly recordedMs: number;
  readonly event: AccessEvent;
}

export type ReadModelEvent = JournalEvent | OrganizationEvent;
