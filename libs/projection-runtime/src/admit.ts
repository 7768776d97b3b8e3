import type { FeedEvent } from '@fintech-ledger/event-feed';
import { GapFound, PoisonEvent } from './errors';
import type { Decode } from './projection';

/** An event with its parsed form, or why it has none. */
export interface Parsed<E> {
  readonly event: FeedEvent;
  readonly decoded: E | PoisonEvent;
}

/** How far a stream was moved by a batch. */
export interface Advance {
  readonly stream: string;
  readonly from: number;
  readonly to: number;
}

export interface Admitted<E> {
  readonly events: readonly E[];
  readonly advances: readonly Advance[];
  /** What stopped it; the events before it are admitted. */
  readonly halt?: PoisonEvent | GapFound;
}

/** Parses a batch once, for all projections that will read it. */
export function parseBatch<E>(events: readonly FeedEvent[], decode: Decode<E>): readonly Parsed<E>[] {
  return events.map((event) => {
    try {
      return { event, decoded: decode(event) };
    } catch (error) {
      if (error instanceof PoisonEvent) return { event, decoded: error };
      throw error;
    }
  });
}

/**
 * What of a batch a projection applies; pure. A revision at or below the last applied one is a duplicate and is skipped; one that is not the
 * next is a gap. Ends at the first gap or poisoned event.
 * @param revisionOf the last applied revision of a stream, -1 for none
 */
export function admit<E>(
  batch: readonly Parsed<E>[],
  isOurs: (stream: string) => boolean,
  revisionOf: (stream: string) => number,
): Admitted<E> {
  const events: E[] = [];
  const moved = new Map<string, { from: number; to: number }>();
  let halt: PoisonEvent | GapFound | undefined;
  for (const { event, decoded } of batch) {
    if (!isOurs(event.stream)) continue;
    const move = moved.get(event.stream);
    const last = move?.to ?? revisionOf(event.stream);
    if (event.revision <= last) continue;
    if (event.revision > last + 1) halt = new GapFound(event, last);
    else if (decoded instanceof PoisonEvent) halt = decoded;
    if (halt !== undefined) break;
    events.push(decoded as E);
    if (move) move.to = event.revision;
    else moved.set(event.stream, { from: last, to: event.revision });
  }
  const advances = [...moved].map(([stream, { from, to }]) => ({ stream, from, to }));
  return { events, advances, ...(halt === undefined ? {} : { halt }) };
}
