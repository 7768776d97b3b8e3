import { verifyStoredHash } from '@fintech-ledger/event-contracts';
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

/**
 * Reads `limit` events from a revision on, each with its hash computed anew.
 * @throws StoreUnavailable, BrokenInvariant when an event is not as it was sealed
 */
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
  const { data, metadata } = parseTexts(recorded);
  const fault = verifyStoredHash(recorded, { data, metadata });
  if (fault !== undefined)
    throw new BrokenInvariant(`${recorded.stream}@${recorded.revision} does not hold: ${fault}`);
  return { recorded, event: { type: recorded.type, data } as unknown as E, metadata };
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
