import { evolve, snapshotOf, transactionKey } from '@fintech-ledger/ledger/domain';
import type { JournalFact, LedgerEvent, LedgerRecord, LedgerView } from '@fintech-ledger/ledger/domain';
import { deepFreeze } from '../deep-freeze';

/**
 * A ledger's whole state, folded from its events. Plain posted transactions are kept too, as the writer reads them back from
 * their event. Everything in it is frozen.
 */
export class InMemoryLedger<E extends JournalFact = LedgerEvent> implements LedgerView {
  readonly records = new Map<string, LedgerRecord>();
  readonly events: E[] = [];

  static of<E extends JournalFact>(events: readonly E[]): InMemoryLedger<E> {
    const ledger = new InMemoryLedger<E>();
    for (const event of events) ledger.apply(event);
    return ledger;
  }

  /** Of the last event; -1 when there is none. */
  get revision(): number {
    return this.events.length - 1;
  }

  get(key: string): LedgerRecord | undefined {
    return this.records.get(key);
  }

  /** @throws BrokenInvariant when the event contradicts the state */
  apply(event: E): void {
    deepFreeze(event);
    const changes = evolve(this, event);
    const snapshot = snapshotOf(event);
    if (snapshot) {
      this.records.set(transactionKey(snapshot.id), deepFreeze({ kind: 'transaction', snapshot }));
    }
    for (const { key, record } of changes) this.records.set(key, deepFreeze(record));
    this.events.push(event);
  }

  /** Applies a recorded event; one that is there already is skipped. */
  applyRecorded(revision: number, event: E): void {
    if (revision > this.revision + 1) throw new Error(`a gap before revision ${revision}`);
    if (revision === this.revision + 1) this.apply(event);
  }
}
