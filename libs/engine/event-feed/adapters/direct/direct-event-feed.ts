import type { EventStore, Subscription } from '@fintech-ledger/event-store';
import { globalPosition } from '@fintech-ledger/event-store';
import type { EventFeed, FeedBatch, FeedReader, OpenFeedOptions } from '../../port';
import { feedToken } from '../../port';
import { peekRecordedMs } from '../../peek-recorded-ms';
import { journalPrefix, organizationPrefix } from '@fintech-ledger/envelope';

/** A feed straight from the event store; its token is the store's position of the last event. */
export function directEventFeed(store: Pick<EventStore, 'subscribe' | 'countAfter'>): EventFeed {
  return {
    place: { system: 'event_store', destination: 'events' },
    open({ after, streamPrefixes, batchEventsMax }: OpenFeedOptions): FeedReader {
      const subscription = store.subscribe({
        streamPrefixes,
        ...(after === undefined ? {} : { after: globalPosition(after) }),
        ...(batchEventsMax === undefined ? {} : { batchEventsMax }),
      });
      return {
        [Symbol.asyncIterator]: () => batches(subscription),
        // The store keeps all events for ever and nothing about its readers.
        acknowledge: () => Promise.resolve(),
        close: () => subscription.close(),
      };
    },
    oldestAfterMs: (token) =>
      peekRecordedMs(store, {
        streamPrefixes: [journalPrefix, organizationPrefix],
        after: token === undefined ? undefined : globalPosition(token),
      }),
    countAfter: (token) => store.countAfter(token === undefined ? undefined : globalPosition(token)),
  };
}

async function* batches(subscription: Subscription): AsyncGenerator<FeedBatch> {
  for await (const events of subscription) {
    const last = events.at(-1);
    if (last !== undefined) yield { events, token: feedToken(last.position) };
  }
}
