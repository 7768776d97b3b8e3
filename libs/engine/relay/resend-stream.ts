import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import { revision } from '@fintech-ledger/event-store';
import { JournalShortened, noHead, rereadPageEvents } from '@fintech-ledger/projection-runtime';
import type { ChainHead, RereadOutcome } from '@fintech-ledger/projection-runtime';

/**
 * Reads a stream from the last event that the topic has of it (is it still that one?) to its end, and sends what follows.
 * @param known undefined: from the first event on
 */
export async function resendStream(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
  known: ChainHead | undefined,
  send: (page: readonly RecordedEvent[], head: ChainHead) => Promise<RereadOutcome>,
): Promise<RereadOutcome> {
  let head = known ?? noHead;
  for (let from = Math.max(0, head.revision), isFirst = true; ; isFirst = false) {
    const page = await store.readStream(stream, { from: revision(from), limit: rereadPageEvents });
    if (isFirst && head.revision >= 0 && page[0]?.revision !== head.revision)
      return { head, cause: new JournalShortened(stream, head.revision) };
    const last = page.at(-1);
    if (last === undefined) return { head };
    const outcome = await send(page, head);
    if (outcome.cause !== undefined) return outcome;
    head = outcome.head;
    from = last.revision + 1;
  }
}
