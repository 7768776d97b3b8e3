import type { TransactionSnapshot } from '@fintech-ledger/ledger/domain';
import { amendedBy, beginsTransaction, firstSnapshot, movesMoney } from '@fintech-ledger/ledger/domain';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import { journalEvents } from '../../read-model/journal-events';
import { ledgerKey } from '../../read-model/keys';

/** A transaction after a batch. `revision`: of the event that made it, when that is in the batch. */
export interface TransactionChange {
  readonly ledgerKey: string;
  readonly revision?: number;
  readonly snapshot: TransactionSnapshot;
}

/** The last snapshot of each transaction; what only has its first event is derived from the entries. Pure. */
export function projectTransactions(events: readonly DecodedEvent[]): readonly TransactionChange[] {
  const changes = new Map<string, TransactionChange>();
  for (const { owner: ledgerId, revision, event } of journalEvents(events)) {
    if (!movesMoney(event)) continue;
    const key = ledgerKey(ledgerId);
    const amended = amendedBy(event);
    if (amended !== undefined) {
      const place = `${key}${amended.id}`;
      changes.set(place, { ...(changes.get(place) ?? { ledgerKey: key }), snapshot: amended });
    }
    if (!beginsTransaction(event)) continue;
    const snapshot = firstSnapshot(event.data.transaction, event.data.entries);
    changes.set(`${key}${snapshot.id}`, { ledgerKey: key, revision, snapshot });
  }
  return [...changes.values()];
}
