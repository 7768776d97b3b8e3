import type { RecordedEvent } from '@fintech-ledger/event-store';
import { recordBytes } from './split-rounds';

type Batches = ReadonlyMap<number, readonly RecordedEvent[]>;

/**
 * The streams that have a record which is as large as one that Kafka has just refused. Finding a refused record takes a
 * dozen requests, for which all partitions wait; so such streams are not sent on but read again, and then Kafka says
 * itself whether it takes the record.
 * @returns by stream, the first event that is not sent, and the one that is so large
 */
export function streamsAsLarge(
  batches: Batches,
  bytes: number,
): readonly { readonly first: RecordedEvent; readonly event: RecordedEvent }[] {
  const firsts = new Map<string, RecordedEvent>();
  const found = new Map<string, { first: RecordedEvent; event: RecordedEvent }>();
  for (const events of batches.values()) {
    for (const event of events) {
      const first = firsts.get(event.stream) ?? event;
      firsts.set(event.stream, first);
      if (!found.has(event.stream) && recordBytes(event) >= bytes) found.set(event.stream, { first, event });
    }
  }
  return [...found.values()];
}

export function withoutStreams(batches: Batches, streams: ReadonlyMap<string, unknown>): Batches {
  if (streams.size === 0) return batches;
  const left = new Map<number, readonly RecordedEvent[]>();
  for (const [partition, events] of batches) {
    const others = events.filter(({ stream }) => !streams.has(stream));
    if (others.length > 0) left.set(partition, others);
  }
  return left;
}
