import type { EventStore, Subscription } from '@fintech-ledger/event-store';
import { firstEventAfter, globalPosition } from '@fintech-ledger/event-store';
import type { EventFeed, FeedBatch, FeedReader, FeedToken, OpenFeedOptions } from '../../port';
import { feedToken } from '../../port';
import { peekRecordedMs } from '../../peek-recorded-ms';
import { journalPrefix, organizationPrefix } from '@fintech-ledger/envelope';

/** How long the store may take to give an event that it has. */
const lookMs = 1_000;

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
      let reached = after;
      return {
        [Symbol.asyncIterator]: () => batches(subscription, (token) => (reached = token)),
        // The store keeps all events for ever and nothing about its readers.
        acknowledge: () => Promise.resolve(),
        isBehind: async () => {
          const position = reached === undefined ? undefined : globalPosition(reached);
          return (
            (await firstEventAfter(store, { streamPrefixes, after: position, waitMs: lookMs })) !== undefined
          );
        },
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

async function* batches(
  subscription: Subscription,
  handedOver: (token: FeedToken) => void,
): AsyncGenerator<FeedBatch> {
  for await (const events of subscription) {
    const last = events.at(-1);
    if (last === undefined) continue;
    const token = feedToken(last.position);
    handedOver(token);
    yield { events, token };
  }
}
