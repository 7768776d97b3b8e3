import { readBytesMax, revision } from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';

/** Where an event is. */
interface EventAt {
  readonly stream: string;
  readonly revision: number;
}

/** An event at a place, and the place. */
export interface ReadPlace<P extends EventAt> {
  readonly place: P;
  /** Undefined: the store has none there. */
  readonly event: RecordedEvent | undefined;
}

/** The events at these places, in their order. It ends early where they are large. */
export async function readPlaces<P extends EventAt>(
  store: Pick<EventStore, 'readStream'>,
  places: readonly P[],
): Promise<readonly ReadPlace<P>[]> {
  const read: ReadPlace<P>[] = [];
  let bytes = 0;
  for (let at = 0; at < places.length && bytes < readBytesMax;) {
    const { stream, revision: newest } = places[at] as P;
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
      const place = places[at] as P;
      if (place.revision < reached) break;
      read.push({ place, event: events.get(place.revision) });
    }
  }
  return read;
}

/** Whether it is one event before, or another thing that the same one says. */
function isNext(one: EventAt | undefined, next: EventAt | undefined): boolean {
  const difference = (one?.revision ?? 0) - (next?.revision ?? 0);
  return difference === 0 || difference === 1;
}
