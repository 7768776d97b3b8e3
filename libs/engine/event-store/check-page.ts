import { readBytesMax } from './limits';
import { revision, StreamTruncated } from './port';
import type { ReadOptions, RecordedEvent } from './port';

/**
 * What every adapter refuses to return: a page that lacks events which the stream once had.
 * @throws StreamTruncated
 */
export function checkPage(
  stream: string,
  { from, direction, limit, bytesMax = readBytesMax }: ReadOptions,
  events: readonly RecordedEvent[],
): readonly RecordedEvent[] {
  const [first] = events;
  if (first === undefined) return events;
  const step = direction === 'backwards' ? -1 : 1;
  if (step === 1 && first.revision > (from ?? 0)) throw new StreamTruncated(stream, first.revision);
  let last = first.revision - step;
  for (const event of events) {
    if (event.revision !== last + step)
      throw new StreamTruncated(stream, revision(Math.max(last, event.revision)));
    last = event.revision;
  }
  // Backwards, a page that is not full must end at the stream's first event.
  if (step === -1 && last > 0 && events.length < limit && bytesOf(events) <= bytesMax) {
    throw new StreamTruncated(stream, revision(last));
  }
  return events;
}

function bytesOf(events: readonly RecordedEvent[]): number {
  return events.reduce(
    (sum, { data, metadata }) => sum + Buffer.byteLength(data) + Buffer.byteLength(metadata),
    0,
  );
}
