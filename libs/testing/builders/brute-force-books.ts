import type { EventMetadata } from '@fintech-ledger/envelope';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { AccountTotals, BookedEntry, LedgerEvent } from '@fintech-ledger/ledger/domain';
import { movesMoney } from '@fintech-ledger/ledger/domain';

/** An entry with its times (milliseconds) and its place in the journal. */
export interface BookEntry {
  readonly entry: BookedEntry;
  readonly revision: number;
  readonly index: number;
  readonly recordedMs: number;
  readonly effectiveMs: number;
  readonly transactionId: string;
}

/** The slow and obvious way to every figure of a ledger: all entries in a list, summed again for each question. */
export class BruteForceBooks {
  readonly entries: readonly BookEntry[];

  constructor(recorded: readonly RecordedEvent[]) {
    this.entries = recorded.flatMap((event) => {
      const ledgerEvent = { type: event.type, data: JSON.parse(event.data) as object } as LedgerEvent;
      const metadata = JSON.parse(event.metadata) as EventMetadata;
      if (!movesMoney(ledgerEvent)) return [];
      return ledgerEvent.data.entries.map((entry, index) => ({
        entry,
        index,
        revision: event.revision,
        recordedMs: Date.parse(metadata.recordedAt),
        effectiveMs: Date.parse(metadata.effectiveAt),
        transactionId: ledgerEvent.data.transaction.id,
      }));
    });
  }

  /** An account's entries, oldest first on the axis. */
  statement(account: string, axis: 'recorded' | 'effective'): readonly BookEntry[] {
    const own = this.entries.filter(({ entry }) => entry.account === account);
    // In recorded order already, and sorting keeps the order of equals.
    return axis === 'recorded' ? own : [...own].sort((a, b) => a.effectiveMs - b.effectiveMs);
  }

  totals(entries: readonly BookEntry[]): AccountTotals {
    const sum = { postedDebits: 0n, postedCredits: 0n, pendingDebits: 0n, pendingCredits: 0n };
    for (const { entry } of entries) {
      const amount = BigInt(entry.amount);
      const side = entry.direction === 'debit' ? 'Debits' : 'Credits';
      if (entry.effect === 'post' || entry.effect === 'capture') sum[`posted${side}`] += amount;
      if (entry.effect === 'hold') sum[`pending${side}`] += amount;
      if (entry.effect === 'release' || entry.effect === 'capture') sum[`pending${side}`] -= amount;
    }
    return sum;
  }
}
