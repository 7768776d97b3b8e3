import type { CheckpointHead } from './checkpoint-store';
import type { DomainEvent, DomainEvents } from './domain';
import { readJournal } from './journal-reader';
import type { JournalEvent } from './journal-reader';
import type { JournalStore } from './writer-dependencies';

/**
 * What a checkpoint's head is to the journal. `holds`: it is of the journal's event at that revision. `differs`: that event is another one.
 * `beyond`: the journal ends before it, so that the journal lost events, or is another one; the checkpoint is not to blame.
 */
export type HeadVerdict<E extends DomainEvent> =
  | { readonly kind: 'holds'; readonly at: JournalEvent<E> }
  | { readonly kind: 'differs' }
  | { readonly kind: 'beyond' };

/** @throws StoreUnavailable */
export async function judgeHead<E extends DomainEvent>(
  eventStore: JournalStore,
  events: DomainEvents<E>,
  stream: string,
  head: CheckpointHead,
): Promise<HeadVerdict<E>> {
  const [at] = await readJournal(eventStore, events, stream, head.revision, 1);
  if (!at) return { kind: 'beyond' };
  return at.metadata.hash === head.chainHash ? { kind: 'holds', at } : { kind: 'differs' };
}

/** A fold that records of a checkpoint are of, and that the domain does not have; undefined: it has all of them. */
export function otherFold(
  { folds }: { readonly folds?: ReadonlySet<string> },
  ofRecords: readonly string[],
): string | undefined {
  return ofRecords.find((fold) => folds?.has(fold) !== true);
}
