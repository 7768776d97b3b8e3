import { readBytesMax, revision } from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';

/** The events at these revisions, in order. `unread`: the first that was left out, as those before it are large. */
export async function readRevisions(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
  revisions: readonly number[],
): Promise<{ readonly events: readonly RecordedEvent[]; readonly unread: number | undefined }> {
  const events: RecordedEvent[] = [];
  let bytes = 0;
  for (let at = 0; at < revisions.length;) {
    const first = revisions[at] ?? 0;
    if (bytes > readBytesMax) return { events, unread: first };
    let limit = 1;
    while (revisions[at + limit] === first + limit) limit += 1;
    const page = await store.readStream(stream, { from: revision(first), limit });
    for (const { data, metadata } of page) bytes += Buffer.byteLength(data) + Buffer.byteLength(metadata);
    events.push(...page);
    // A page may end early; one that is empty is of an index that knows more than the store.
    at += page.length === 0 ? limit : page.length;
  }
  return { events, unread: undefined };
}
