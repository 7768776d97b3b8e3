import { WrongExpectedRevision } from './port';
import type { EventStoreWithLog } from './log-reader';
import type { RecordedEvent, Subscription } from './port';

/**
 * An event store that several installations share, as one of them sees it: its streams have a prefix there and none here, and what
 * has another prefix, or none, is not seen. No prefix may be the beginning of another one.
 * @param prefix empty: the streams are seen as they are named
 */
export function prefixedEventStore(store: EventStoreWithLog, prefix: string): EventStoreWithLog {
  if (prefix === '') return store;
  const own = (event: RecordedEvent): RecordedEvent => ({
    ...event,
    stream: event.stream.slice(prefix.length),
  });
  return {
    async append(stream, expected, events) {
      if (stream === '') throw new TypeError('a stream has a name');
      try {
        return await store.append(prefix + stream, expected, events);
      } catch (error) {
        if (error instanceof WrongExpectedRevision)
          throw new WrongExpectedRevision(stream, expected, error.actual);
        throw error;
      }
    },
    async readStream(stream, options) {
      return (await store.readStream(prefix + stream, options)).map(own);
    },
    subscribe(options) {
      const streamPrefixes = options.streamPrefixes.map((wanted) => prefix + wanted);
      return renamed(store.subscribe({ ...options, streamPrefixes }), own);
    },
    async readAfter(after, streamPrefixes) {
      const found = await store.readAfter(
        after,
        streamPrefixes.map((wanted) => prefix + wanted),
      );
      return { ...found, events: found.events.map(own) };
    },
    countAfter: (position) => store.countAfter(position),
    lastPosition: () => store.lastPosition(),
    get limits() {
      return store.limits;
    },
    close: () => store.close(),
  };
}

function renamed(subscription: Subscription, own: (event: RecordedEvent) => RecordedEvent): Subscription {
  return {
    passed: () => subscription.passed?.(),
    close: () => subscription.close(),
    [Symbol.asyncIterator]() {
      const batches = subscription[Symbol.asyncIterator]();
      return {
        async next() {
          const batch = await batches.next();
          return batch.done === true ? batch : { done: false, value: batch.value.map(own) };
        },
        return: async () => {
          await batches.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
