import type { EventStore, RecordedEvent, Subscription } from '@fintech-ledger/event-store';
import { firstEventAfter, globalPosition } from '@fintech-ledger/event-store';
import type { EventFeed, FeedBatch, FeedReader, FeedToken, OpenFeedOptions } from '../../port';
import { feedToken } from '../../port';
import { peekRecordedMs } from '../../peek-recorded-ms';
import { journalPrefix, organizationPrefix } from '@fintech-ledger/envelope';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long the store may take to give an event that it has. */
const lookMs = 1_000;
/** How long no event has to come until it is said how far the store was looked through. */
const quietMs = 1_000;

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
      const place = { reached: after };
      return {
        [Symbol.asyncIterator]: () => batches(subscription, place),
        // The store keeps all events for ever and nothing about its readers.
        acknowledge: () => Promise.resolve(),
        isBehind: async () => {
          const position = place.reached === undefined ? undefined : globalPosition(place.reached);
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

/** Batches with events; and, while there are none, from time to time one without, that says how far this has looked. */
async function* batches(
  subscription: Subscription,
  place: { reached: FeedToken | undefined },
): AsyncGenerator<FeedBatch> {
  const iterator = subscription[Symbol.asyncIterator]();
  let next: Promise<IteratorResult<readonly RecordedEvent[], unknown>> | undefined;
  try {
    for (;;) {
      if (next === undefined) {
        next = iterator.next();
        // Its error is thrown when it is waited for.
        next.catch(() => undefined);
      }
      const step = await orQuiet(next);
      if (step?.done === true) return;
      if (step !== undefined) next = undefined;
      const position = step === undefined ? subscription.passed?.() : step.value.at(-1)?.position;
      if (position === undefined) continue;
      const token = feedToken(position);
      if (token === place.reached) continue;
      place.reached = token;
      yield { events: step?.value ?? [], token };
    }
  } finally {
    await iterator.return?.();
  }
}

/** What is there within a while; undefined: nothing was. */
async function orQuiet<T>(next: Promise<T>): Promise<T | undefined> {
  const timer = new AbortController();
  const quiet = sleep(quietMs, undefined, { signal: timer.signal }).catch(() => undefined);
  try {
    return await Promise.race([next, quiet]);
  } finally {
    timer.abort();
  }
}
