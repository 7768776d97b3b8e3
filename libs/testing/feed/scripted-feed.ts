import type { EventFeed, FeedBatch, FeedReader, OpenFeedOptions } from '@fintech-ledger/event-feed';
import { feedToken } from '@fintech-ledger/event-feed';
import type { ReadOptions, RecordedEvent } from '@fintech-ledger/event-store';

/**
 * A feed that delivers exactly what a test says, in the batches that it says: also duplicates, gaps and events that nobody can read.
 * Tokens count the events delivered; a reader that starts after one goes on from there.
 */
export class ScriptedFeed implements EventFeed {
  readonly place = { system: 'script', destination: 'script' };
  private readonly batches: FeedBatch[] = [];
  private readonly wakers = new Set<() => void>();
  private count = 0;
  private readonly history = new Map<string, Map<number, RecordedEvent>>();

  push(...events: readonly RecordedEvent[]): void {
    this.count += events.length;
    this.store(...events);
    this.batches.push({ events, token: feedToken(String(this.count)) });
    for (const wake of this.wakers) wake();
  }

  /** What the event store has of a stream, where that is not what the feed delivers: the last one given for a revision. */
  store(...events: readonly RecordedEvent[]): void {
    for (const event of events) {
      const stream = this.history.get(event.stream) ?? new Map<number, RecordedEvent>();
      stream.set(event.revision, event);
      this.history.set(event.stream, stream);
    }
  }

  /** As the event store reads a stream. */
  readStream(stream: string, options: ReadOptions): Promise<readonly RecordedEvent[]> {
    const { from, direction = 'forwards', limit } = options;
    const events = [...(this.history.get(stream)?.values() ?? [])].sort((a, b) => a.revision - b.revision);
    if (direction === 'backwards') events.reverse();
    const start = from ?? (direction === 'forwards' ? 0 : Infinity);
    const isWithin = ({ revision }: RecordedEvent): boolean =>
      direction === 'forwards' ? revision >= start : revision <= start;
    return Promise.resolve(events.filter(isWithin).slice(0, limit));
  }

  open({ after, streamPrefixes }: OpenFeedOptions): FeedReader {
    let isClosed = false;
    const { batches, wakers } = this;
    const wakeAll = (): void => wakers.forEach((wake) => wake());
    async function* read(): AsyncGenerator<FeedBatch> {
      for (let next = 0; !isClosed;) {
        const batch = batches[next];
        if (batch === undefined) {
          await new Promise<void>((resolve) => {
            const wake = (): void => {
              wakers.delete(wake);
              resolve();
            };
            wakers.add(wake);
            if (isClosed) wake();
          });
          continue;
        }
        next += 1;
        if (after !== undefined && Number(batch.token) <= Number(after)) continue;
        const events = batch.events.filter(({ stream }) =>
          streamPrefixes.some((prefix) => stream.startsWith(prefix)),
        );
        if (events.length > 0) yield { events, token: batch.token };
      }
    }
    return {
      [Symbol.asyncIterator]: read,
      acknowledge: () => Promise.resolve(),
      close: () => {
        isClosed = true;
        wakeAll();
        return Promise.resolve();
      },
    };
  }

  countAfter(token: string | undefined): Promise<number | null> {
    return Promise.resolve(this.count - Number(token ?? 0));
  }
}
