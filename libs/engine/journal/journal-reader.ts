import { verifyStoredHash } from '@fintech-ledger/envelope';
import type { EventMetadata } from '@fintech-ledger/envelope';
import { revision as revisionOf } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { BrokenInvariant, storableValue } from '@fintech-ledger/contract';
import type { DomainEvent, DomainEvents } from './domain';
import type { JournalStore } from './writer-dependencies';

/** An event of a journal with its texts parsed. */
export interface JournalEvent<E extends DomainEvent> {
  readonly recorded: RecordedEvent;
  readonly event: E;
  readonly metadata: EventMetadata;
}

/**
 * Reads `limit` events from a revision on, each with its hash recomputed and as the newest version of its type has it.
 * @throws StoreUnavailable, BrokenInvariant when an event is not as it was sealed, or of a type or version that is not known
 */
export async function readJournal<E extends DomainEvent>(
  store: JournalStore,
  events: DomainEvents<E>,
  stream: string,
  from: number,
  limit: number,
): Promise<readonly JournalEvent<E>[]> {
  const recorded = await store.readStream(stream, { from: revisionOf(from), limit });
  return recorded.map((event) => parseEvent(event, events));
}

function parseEvent<E extends DomainEvent>(
  recorded: RecordedEvent,
  events: DomainEvents<E>,
): JournalEvent<E> {
  const { data, metadata } = parseTexts(recorded);
  const fault = verifyStoredHash(recorded, { data, metadata });
  if (fault !== undefined)
    throw new BrokenInvariant(`${recorded.stream}@${recorded.revision} does not hold: ${fault}`);
  const event = events.read(recorded.type, metadata.version, storableValue(data, recorded.data));
  if (typeof event === 'string')
    throw new BrokenInvariant(`${recorded.stream}@${recorded.revision} (${recorded.type}): ${event}`);
  return { recorded, event, metadata };
}

function parseTexts({ stream, revision, data, metadata }: RecordedEvent): {
  readonly data: object;
  readonly metadata: EventMetadata;
} {
  try {
    return { data: JSON.parse(data) as object, metadata: JSON.parse(metadata) as EventMetadata };
  } catch (cause) {
    throw new BrokenInvariant(`${stream}@${revision} is not JSON`, { cause });
  }
}
