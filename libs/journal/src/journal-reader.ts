import type { EventMetadata } from '@fintech-ledger/event-contracts';
import { revision as revisionOf } from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import { BrokenInvariant } from '@fintech-ledger/ledger';
import type { DomainEvent } from './domain';

/** An event of a journal with its texts parsed. */
export interface JournalEvent<E extends DomainEvent> {
  readonly recorded: RecordedEvent;
  readonly event: E;
  readonly metadata: EventMetadata;
}

/** Reads `limit` events from a revision on. @throws StoreUnavailable, BrokenInvariant when an event can't be parsed */
export async function readJournal<E extends DomainEvent>(
  store: EventStore,
  stream: string,
  from: number,
  limit: number,
): Promise<readonly JournalEvent<E>[]> {
  const recorded = await store.readStream(stream, { from: revisionOf(from), limit });
  return recorded.map((event) => parseEvent<E>(event));
}

function parseEvent<E extends DomainEvent>(recorded: RecordedEvent): JournalEvent<E> {
  try {
    const event = { type: recorded.type, data: JSON.parse(recorded.data) as object } as E;
    return { recorded, event, metadata: JSON.parse(recorded.metadata) as EventMetadata };
  } catch (cause) {
    throw new BrokenInvariant(`${recorded.stream}@${recorded.revision} is not JSON`, { cause });
  }
}
