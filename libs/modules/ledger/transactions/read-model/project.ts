import type {
  Amendment,
  PlacedLine,
  TransactionSnapshot,
  TransactionStatus,
} from '@fintech-ledger/ledger/domain';
import {
  amended,
  amendmentOf,
  beginsTransaction,
  firstReversals,
  firstSnapshot,
  movesMoney,
} from '@fintech-ledger/ledger/domain';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import { journalEvents } from '../../read-model/journal-events';
import { ledgerKey } from '../../read-model/keys';

/** A transaction that a batch made, as it is after it. `revision`: of the event that made it. */
export interface NewTransaction {
  readonly ledgerKey: string;
  readonly revision: number;
  readonly snapshot: TransactionSnapshot;
}

/** What a batch changed of an earlier transaction. */
export interface ChangedTransaction {
  readonly ledgerKey: string;
  readonly id: string;
  readonly status: TransactionStatus | undefined;
  readonly lineCount: number;
  /** Those that are known to be after it, by their places. */
  readonly lines: Map<number, PlacedLine>;
  /** The first transactions that reverse it from now on. */
  readonly reversals: readonly string[];
}

export interface TransactionChanges {
  readonly added: readonly NewTransaction[];
  readonly changed: readonly ChangedTransaction[];
}

/** The transactions after a batch; what only has its first event is derived from the entries. Pure. */
export function projectTransactions(events: readonly DecodedEvent[]): TransactionChanges {
  const added = new Map<string, NewTransaction>();
  const changed = new Map<string, ChangedTransaction>();
  for (const { owner: ledgerId, revision, event } of journalEvents(events)) {
    if (!movesMoney(event)) continue;
    const key = ledgerKey(ledgerId);
    const amendment = amendmentOf(event);
    if (amendment !== undefined) {
      const place = `${key}${amendment.id}`;
      const own = added.get(place);
      if (own) added.set(place, { ...own, snapshot: amended(own.snapshot, amendment) });
      else changed.set(place, changedBy(changed.get(place), amendment, key));
    }
    if (!beginsTransaction(event)) continue;
    const snapshot = firstSnapshot(event.data.transaction, event.data.entries);
    added.set(`${key}${snapshot.id}`, { ledgerKey: key, revision, snapshot });
  }
  return { added: [...added.values()], changed: [...changed.values()] };
}

/** The lines of `before` are added to: a batch may have many events of one long transaction. */
function changedBy(
  before: ChangedTransaction | undefined,
  { id, lineCount, lines: told, reversal, status }: Amendment,
  key: string,
): ChangedTransaction {
  const lines = before?.lines ?? new Map<number, PlacedLine>();
  for (const line of told) lines.set(line.index, line);
  const reversals = before?.reversals ?? [];
  return {
    ledgerKey: key,
    id,
    status: status ?? before?.status,
    lineCount,
    lines,
    reversals: reversal === undefined ? reversals : firstReversals([...reversals, reversal]),
  };
}
