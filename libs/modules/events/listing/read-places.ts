import { readBytesMax, revision } from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import type { FoundPlace } from '../read-model/find-events';

/** An event at a place, and the place. */
export interface ReadPlace {
  readonly place: FoundPlace;
  /** Undefined: the store has none there. */
  readonly event: RecordedEvent | undefined;
}

/** The events at these places, in their order. It ends early where they are large. */
export async function readPlaces(
  store: Pick<EventStore, 'readStream'>,
  places: readonly FoundPlace[],
): Promise<readonly ReadPlace[]> {
  const read: ReadPlace[] = [];
  let bytes = 0;
  for (let at = 0; at < places.length && bytes < readBytesMax;) {
    const { stream, revision: newest } = places[at] as FoundPlace;
    let end = at;
    while (places[end + 1]?.stream === stream && isNext(places[end], places[end + 1])) end += 1;
    const oldest = places[end]?.revision ?? newest;
    const page = await store.readStream(stream, {
      from: revision(newest),
      direction: 'backwards',
      limit: newest - oldest + 1,
    });
    for (const { data, metadata } of page) bytes += Buffer.byteLength(data) + Buffer.byteLength(metadata);
    // A page may end early; one that is empty is of a read model that knows more than the store.
    const reached = page.at(-1)?.revision ?? oldest;
    const events = new Map<number, RecordedEvent>(page.map((event) => [event.revision, event]));
    for (; at <= end; at += 1) {
      const place = places[at] as FoundPlace;
      if (place.revision < reached) break;
      read.push({ place, event: events.get(place.revision) });
    }
  }
  return read;
}

/** Whether it is one event before, or another public event of the same one. */
function isNext(one: FoundPlace | undefined, next: FoundPlace | undefined): boolean {
  const difference = (one?.revision ?? 0) - (next?.revision ?? 0);
  return difference === 0 || difference === 1;
}
