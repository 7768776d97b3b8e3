import { journalStream } from '@fintech-ledger/envelope';
import { StreamTruncated } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import { sourceWaits } from '@fintech-ledger/projection-runtime';
import type { Reader } from '@fintech-ledger/projection-runtime';

type Store = Pick<EventStore, 'readStream'>;

/**
 * Waits until the journal of a ledger has what its reader asks for: a store that is a follower may be behind.
 * @returns the revision that it was found to have at least; -1: none was asked for
 * @throws ReadModelBehind @throws StoreUnavailable
 */
export async function reachJournal(
  store: Store,
  { ledgerId: owner, minRevision: revision = -1 }: Pick<Reader, 'ledgerId' | 'minRevision'>,
): Promise<number> {
  if (revision < 0) return -1;
  const head = await sourceWaits.until(
    () => headOf(store, journalStream(owner)),
    (head = -1) => head,
    { owner, revision, what: 'The journal has' },
  );
  return head ?? -1;
}

/**
 * The revision of the last event; -1: there is none; undefined: the end is missing.
 * @param isRead what is before it is given out all the same: who reads on is told where the end is missing
 * @throws StreamTruncated the end is missing, and nothing is given out
 */
export async function headOf(store: Store, stream: string, isRead = false): Promise<number | undefined> {
  try {
    const [head] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
    return head?.revision ?? -1;
  } catch (error) {
    if (!(error instanceof StreamTruncated) || !isRead) throw error;
    return undefined;
  }
}
