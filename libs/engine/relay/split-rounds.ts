import { produceBytesMax } from '@fintech-ledger/kafka';
import type { RecordedEvent } from '@fintech-ledger/event-store';

// Key, headers and frame, beside the two texts.
const overheadBytes = 600;

/** The bytes that an event takes as a record, at most. */
export function recordBytes(event: Pick<RecordedEvent, 'stream' | 'type' | 'data' | 'metadata'>): number {
  const texts = Buffer.byteLength(event.data) + Buffer.byteLength(event.metadata);
  return texts + overheadBytes + 3 * (event.stream.length + event.type.length);
}

/**
 * Divides a batch into rounds that are sent one after the other; in each, at most `bytesMax` of one partition. An event that is larger alone
 * makes a round of its own.
 */
export function* splitRounds(
  batches: ReadonlyMap<number, readonly RecordedEvent[]>,
  bytesMax: number = produceBytesMax,
): Generator<ReadonlyMap<number, readonly RecordedEvent[]>> {
  const places = new Map<number, number>([...batches.keys()].map((partition) => [partition, 0]));
  while (places.size > 0) {
    const round = new Map<number, readonly RecordedEvent[]>();
    for (const [partition, from] of places) {
      const events = batches.get(partition) ?? [];
      let to = from;
      for (let bytes = 0; to < events.length; to += 1) {
        const event = events[to];
        if (event === undefined) break;
        bytes += recordBytes(event);
        if (bytes > bytesMax && to > from) break;
      }
      if (to > from) round.set(partition, events.slice(from, to));
      if (to < events.length) places.set(partition, to);
      else places.delete(partition);
    }
    if (round.size > 0) yield round;
  }
}
