import type { JournalFact } from './events';
import type { TransactionSnapshot } from './transaction';
import { beginsTransaction, movesMoney } from './events';
import { transactionKey } from './records';
import type { LedgerRecord } from './records';
import { firstSnapshot } from './transaction';

/** The transaction that an event begins, as this event left it; undefined for events that begin none. */
export function snapshotOf(event: JournalFact): TransactionSnapshot | undefined {
  if (!movesMoney(event) || !beginsTransaction(event)) return undefined;
  return firstSnapshot(event.data.transaction, event.data.entries);
}

/** The record of this key, when this event alone says all of it. */
export function recordFrom(key: string, event: JournalFact): LedgerRecord | undefined {
  const snapshot = snapshotOf(event);
  return snapshot && transactionKey(snapshot.id) === key ? { kind: 'transaction', snapshot } : undefined;
}
