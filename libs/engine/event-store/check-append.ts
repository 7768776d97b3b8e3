import { AppendTooLarge } from './port';
import type { EventStore, EventToAppend } from './port';
import { streamNameMax } from './limits';

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
