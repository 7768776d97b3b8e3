import { revision } from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';

const pageEvents = 500;

/**
 * All events of a stream from a revision on, without gap or repetition: first those that are there, then each as it comes, until `signal`.
 * @throws StoreUnavailable
 */
export async function* liveEvents(
  store: EventStore,
  stream: string,
  fromRevision: number,
  signal: AbortSignal,
): AsyncGenerator<readonly RecordedEvent[]> {
  let next = fromRevision;
  // The head first: what is appended while we catch up comes again through the subscription, and is skipped there.
  const [head] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
  for (;;) {
    const page = await store.readStream(stream, { from: revision(next), limit: pageEvents });
    const last = page.at(-1);
    if (last === undefined || signal.aborted) break;
    yield page;
    next = last.revision + 1;
  }
  if (signal.aborted) return;
  const after = head === undefined ? {} : { after: head.position };
  const subscription = store.subscribe({ streamPrefixes: [stream], ...after, batchEventsMax: pageEvents });
  const close = (): void => void subscription.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    for await (const batch of subscription) {
      if (signal.aborted) return;
      const fresh = batch.filter((event) => event.stream === stream && event.revision >= next);
      const last = fresh.at(-1);
      if (last === undefined) continue;
      yield fresh;
      next = last.revision + 1;
    }
  } finally {
    signal.removeEventListener('abort', close);
    await subscription.close();
  }
}
