import { messageOf } from '@fintech-ledger/contract';
import { renderEvent } from '@fintech-ledger/events';
import type { PublicEventRegistry } from '@fintech-ledger/events';
import { revision } from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import { JournalDisagrees } from '@fintech-ledger/projection-runtime';
import type { NewPlace, Told } from './news';

export interface Teller {
  readonly store: Pick<EventStore, 'readStream'>;
  readonly registry: PublicEventRegistry;
}
interface Of {
  readonly organizationId: string;
  readonly stream: string;
}

/** The store lacks an event that read models have applied: an older one was put back, perhaps. */
export class EventMissing extends Error {
  constructor(stream: string, at: number) {
    super(`the event store has no ${stream}@${at}`);
  }
}

/**
 * What is told of places of a stream. One of which nothing can be has a reason.
 * @throws EventMissing, and what the store throws
 */
export async function tellPlaces(
  { store, registry }: Teller,
  of: Of,
  places: readonly NewPlace[],
): Promise<readonly Told[]> {
  const events = new Map<number, RecordedEvent>();
  const wanted = [...new Set(places.map((place) => place.revision))];
  while (wanted.length > 0) {
    const from = wanted[0] ?? 0;
    let count = 1;
    while (wanted[count] === from + count) count += 1;
    const page = await store.readStream(of.stream, {
      from: revision(from),
      direction: 'forwards',
      limit: count,
    });
    if (page.length === 0) throw new EventMissing(of.stream, from);
    for (const event of page) events.set(event.revision, event);
    wanted.splice(0, page.length);
  }
  return places.flatMap((place) => tell(registry, of, place, events.get(place.revision)));
}

function tell(
  registry: PublicEventRegistry,
  { organizationId }: Of,
  place: NewPlace,
  event: RecordedEvent | undefined,
): readonly Told[] {
  const type = registry.types.find(({ name }) => name === place.type);
  if (event === undefined || type === undefined) return [];
  try {
    const rendered = renderEvent(registry, event, type);
    // Two streams may have one key.
    if (rendered === undefined || rendered.organizationId !== organizationId) return [];
    return [{ ...place, rendered }];
  } catch (error) {
    const reason =
      error instanceof JournalDisagrees ? error.message : `it can't be told: ${messageOf(error)}`;
    // Postgres keeps no such character in a text.
    return [{ ...place, rendered: { reason: reason.replaceAll('\0', '') } }];
  }
}
