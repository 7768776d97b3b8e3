import type { AccountRecord } from './account';
import type { PeriodRecord } from './period';
import type { TransactionSnapshot } from './transaction';

/** A transaction that is more than one event: a hold, or one that was reversed at least in part. */
export interface TransactionRecord {
  readonly kind: 'transaction';
  readonly snapshot: TransactionSnapshot;
}

/** Who holds a reference: it is unique in its ledger. */
export interface ReferenceRecord {
  readonly kind: 'reference';
  readonly transactionId: string;
}

export type LedgerRecord = AccountRecord | TransactionRecord | ReferenceRecord | PeriodRecord;

export const transactionKey = (transactionId: string): string => `t:${transactionId}`;
export const referenceKey = (reference: string): string => `r:${reference}`;

/** Read access to a ledger's state by key. */
export interface LedgerView {
  get(key: string): LedgerRecord | undefined;
}

export function transactionOf(view: LedgerView, transactionId: string): TransactionSnapshot | undefined {
  const record = view.get(transactionKey(transactionId));
  return record?.kind === 'transaction' ? record.snapshot : undefined;
}

/** Read access to a ledger's state in which other modules have records too, each under keys of its own. */
export interface SharedView {
  get(key: string): { readonly kind: string } | undefined;
}

/** A view with changes laid over it; `under` stays as it is. */
export class LayeredView implements LedgerView {
  private readonly layer = new Map<string, LedgerRecord>();
  private readonly under: LedgerView;

  constructor(under: SharedView) {
    this.under = under as LedgerView;
  }

  get(key: string): LedgerRecord | undefined {
    return this.layer.get(key) ?? this.under.get(key);
  }

  set(changes: readonly RecordChange[]): void {
    for (const { key, record } of changes) this.layer.set(key, record);
  }
}

export interface RecordChange {
  readonly key: string;
  readonly record: LedgerRecord;
}
