import { revision } from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import type { EventHub } from './event-hub';
import { streamPageBytesMax, streamPageEvents } from './limits';

/**
 * All events of a stream from a revision on, without gap or repetition: first those that are there, then each as it comes, until `signal`.
 * A reader that takes them more slowly than they come gets them from the store.
 * @param turn awaited before each page of the store: many who read from the beginning must not hold up everything else
 * @throws StoreUnavailable
 */
export async function* liveEvents(
  { store, hub }: { readonly store: Pick<EventStore, 'readStream'>; readonly hub: EventHub },
  stream: string,
  fromRevision: number,
  signal: AbortSignal,
  turn: () => Promise<void> = () => Promise.resolve(),
): AsyncGenerator<readonly RecordedEvent[]> {
  let next = fromRevision;
  while (!signal.aborted) {
    // The tail first: what is appended while we catch up is in both, and passed over there.
    const tail = await hub.listen(stream);
    try {
      while (!signal.aborted) {
        await turn();
        const from = revision(next);
        const page = await store.readStream(stream, {
          from,
          limit: streamPageEvents,
          bytesMax: streamPageBytesMax,
        });
        const last = page.at(-1);
        if (last === undefined) break;
        next = last.revision + 1;
        yield page;
      }
      for (;;) {
        const batch = await tail.take(signal);
        if (batch === undefined) break;
        const fresh = batch.filter((event) => event.revision >= next);
        const last = fresh.at(-1);
        if (last === undefined) continue;
        next = last.revision + 1;
        yield fresh;
      }
    } finally {
      hub.leave(stream, tail);
    }
  }
}
