import type { Direction } from '@fintech-ledger/ledger/domain';
import type { AccountOfLedger, LedgerTransferFacts } from './facts';

/** Of the ledger that the money leaves. */
export interface CreateLedgerTransfer {
  readonly type: 'CreateLedgerTransfer';
  readonly from: AccountOfLedger;
  readonly to: AccountOfLedger;
  /** The modules that manage the two ledgers, where some do. */
  readonly managedBy: { readonly from: string | null; readonly to: string | null };
  /** Minor units, above zero. */
  readonly amount: string;
  readonly currency: string;
  readonly description: string | null;
  readonly livemode: boolean;
  readonly metadata: LedgerTransferFacts['metadata'];
}

/** What is left out stays. */
export interface UpdateLedgerTransfer {
  readonly type: 'UpdateLedgerTransfer';
  readonly transferId: string;
  readonly description?: string | null;
  /** Merged by key: null removes one; null for all of it removes all. */
  readonly metadata?: Readonly<Record<string, string | null>> | null;
}

/** Of the ledger that the money arrives in: it books it or declines it, once for each transfer. */
export interface ReceiveLedgerTransfer {
  readonly type: 'ReceiveLedgerTransfer';
  readonly transferId: string;
  readonly from: AccountOfLedger;
  readonly to: AccountOfLedger;
  readonly amount: string;
  readonly currency: string;
  readonly description: string | null;
  readonly side: Direction;
}

/** What the other ledger said. */
export type ArrivalOutcome =
  | { readonly kind: 'received'; readonly transaction: string }
  | { readonly kind: 'declined'; readonly failureCode: string; readonly failureMessage: string };

/** Of the ledger that the money left. */
export interface RecordLedgerTransferOutcome {
  readonly type: 'RecordLedgerTransferOutcome';
  readonly transferId: string;
  readonly outcome: ArrivalOutcome;
}

/** The writer's own command: tells the other ledgers again of which nothing is known. */
export interface ResumeLedgerTransfers {
  readonly type: 'ResumeLedgerTransfers';
  /** Keys of records. */
  readonly keys: readonly string[];
  /** The process that told them last is gone: they are told at once. */
  readonly isResumed?: boolean;
}

export type LedgerTransferCommand =
  | CreateLedgerTransfer
  | UpdateLedgerTransfer
  | ReceiveLedgerTransfer
  | RecordLedgerTransferOutcome
  | ResumeLedgerTransfers;
