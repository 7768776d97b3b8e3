import { AppendMisplaced, revision, AppendTooLarge } from './port';
import type { AppendResult, EventStore, EventToAppend, ExpectedRevision } from './port';
import { streamNameMax } from './limits';

/**
 * Any event store, whose appends are answered only when they were stored exactly where they were expected: a store can
 * take an append and put it elsewhere, as EventStoreDB does with a stream that was deleted.
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
    lastPosition: () => store.lastPosition(),
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

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const controlCharacter = /[\u0000-\u001f]/;

/**
 * What every adapter refuses before it talks to its store.
 * @returns the bytes of the events, as `limits` counts them
 * @throws AppendTooLarge more events or bytes than `limits`
 * @throws TypeError no events, a line break in a text, an id that is no lower-case UUID, a bad stream name
 */
export function checkAppend(
  stream: string,
  events: readonly EventToAppend[],
  limits: EventStore['limits'],
): number {
  if (stream.length === 0 || stream.length > streamNameMax || controlCharacter.test(stream)) {
    throw new TypeError(`bad stream name ${JSON.stringify(stream)}`);
  }
  if (events.length === 0) throw new TypeError('an append has at least one event');
  if (events.length > limits.appendEventsMax) {
    throw new AppendTooLarge(`${events.length} events, at most ${limits.appendEventsMax}`);
  }
  let bytes = events.length * (limits.eventOverheadBytes ?? 0);
  for (const { id, type, data, metadata } of events) {
    if (!uuid.test(id)) throw new TypeError(`event id ${JSON.stringify(id)} is no lower-case UUID`);
    // Adapters send many texts as lines of one.
    if (type === '' || type.includes('\n') || data.includes('\n') || metadata.includes('\n')) {
      throw new TypeError(`event ${id} has an empty type or a line break in a text`);
    }
    bytes += Buffer.byteLength(data) + Buffer.byteLength(metadata);
  }
  if (bytes > limits.appendBytesMax)
    throw new AppendTooLarge(`${bytes} bytes, at most ${limits.appendBytesMax}`);
  return bytes;
}
