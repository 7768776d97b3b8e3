import { AppendMisplaced, revision } from './port';
import type { AppendResult, EventStore, EventToAppend, ExpectedRevision } from './port';

/**
 * Any event store, whose appends are answered only when they were stored exactly where they were expected: a store can take an append and
 * put it elsewhere, as EventStoreDB does with a stream that was deleted.
 * @throws AppendMisplaced (by `append`) it was stored elsewhere
 */
export function checkedAppends(store: EventStore): EventStore {
  return {
    async append(stream, expected, events): Promise<AppendResult> {
      return checkAnswer(stream, expected, events, await store.append(stream, expected, events));
    },
    readStream: (stream, options) => store.readStream(stream, options),
    subscribe: (options) => store.subscribe(options),
    countAfter: (position) => store.countAfter(position),
    limits: store.limits,
    close: () => store.close(),
  };
}

/** Without an exact revision any answer that has room for the events will do. */
function checkAnswer(
  stream: string,
  expected: ExpectedRevision,
  events: readonly EventToAppend[],
  result: AppendResult,
): AppendResult {
  const isExact = expected === 'no_stream' || typeof expected === 'number';
  const last = (typeof expected === 'number' ? expected : -1) + events.length;
  if (isExact ? result.revision !== last : result.revision < last) {
    throw new AppendMisplaced(stream, revision(last), result.revision);
  }
  return result;
}
