import { revision } from './port';
import type { EventStore, RecordedEvent } from './port';

const pageEvents = 1_000;

/**
 * All events of a stream, from its first one on. A page may be short although more follow:
 * only an empty one is the end.
 * @throws as `readStream` does
 */
export async function* wholeStream(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
): AsyncGenerator<RecordedEvent> {
  for (let next = 0; ;) {
    const page = await store.readStream(stream, { from: revision(next), limit: pageEvents });
    if (page.length === 0) return;
    yield* page;
    next += page.length;
  }
}
