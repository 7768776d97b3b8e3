import type { BookedEntry } from '@fintech-ledger/ledger/domain';
import { beginsTransaction, movesMoney } from '@fintech-ledger/ledger/domain';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import type { JournalEvent } from '../../read-model/event';
import { journalEvents } from '../../read-model/journal-events';
import { accountKey, ledgerKey } from '../../read-model/keys';
import { addEntry, noChange } from './totals-change';
import type { TotalsChange } from './totals-change';
import { sequenceOf } from './sequence';

/** A statement line. `isFirst`: the account's first entry in the event that made the transaction. */
export interface EntryRow {
  readonly accountKey: string;
  readonly sequence: number;
  readonly recorded: JournalEvent;
  readonly entry: BookedEntry;
  readonly transactionId: string;
  readonly isFirst: boolean;
  readonly isDated: boolean;
}

/** Dated entries of an account, summed by the day (since 1970) in which they count (E) or were recorded (R). */
export interface DatedDay {
  readonly accountKey: string;
  readonly axis: 'E' | 'R';
  readonly day: number;
  readonly change: TotalsChange;
}

/** The last revision recorded in a millisecond. */
export interface Moment {
  readonly ledgerKey: string;
  readonly recordedMs: number;
  readonly revision: number;
}

export interface EntryChanges {
  readonly entries: readonly EntryRow[];
  readonly datedDays: readonly DatedDay[];
  readonly moments: readonly Moment[];
}

export const dayMs = 86_400_000;

/** Pure: every entry as a line, and the sums that the effective axis needs. */
export function projectEntries(events: readonly DecodedEvent[]): EntryChanges {
  const entries: EntryRow[] = [];
  const datedDays = new Map<string, DatedDay>();
  const moments = new Map<string, Moment>();
  for (const recorded of journalEvents(events)) {
    const { owner: ledgerId, revision, recordedMs, effectiveMs, event } = recorded;
    const ledger = ledgerKey(ledgerId);
    moments.set(`${ledger}${recordedMs}`, { ledgerKey: ledger, recordedMs, revision });
    if (!movesMoney(event)) continue;
    const begins = beginsTransaction(event);
    const isDated = effectiveMs !== recordedMs;
    const seen = new Set<string>();
    const transactionId = event.data.transaction.id;
    event.data.entries.forEach((entry, index) => {
      const key = accountKey(ledgerId, entry.account);
      const isFirst = begins && !seen.has(key);
      if (isFirst) seen.add(key);
      const sequence = sequenceOf(revision, index);
      entries.push({ accountKey: key, sequence, recorded, entry, transactionId, isFirst, isDated });
      if (!isDated) return;
      addToDay(datedDays, key, 'E', effectiveMs, entry);
      addToDay(datedDays, key, 'R', recordedMs, entry);
    });
  }
  return { entries, datedDays: [...datedDays.values()], moments: [...moments.values()] };
}

function addToDay(
  days: Map<string, DatedDay>,
  key: string,
  axis: 'E' | 'R',
  timeMs: number,
  entry: BookedEntry,
): void {
  const day = Math.floor(timeMs / dayMs);
  const place = `${key}${axis}${day}`;
  const change = days.get(place)?.change ?? noChange;
  days.set(place, { accountKey: key, axis, day, change: addEntry(change, entry) });
}
