import type { EventStore, GlobalPosition } from '@fintech-ledger/event-store';
import { peekRecordedMs } from '../../peek-recorded-ms';

/** How far a relay says that a topic has everything; undefined: no relay has begun. */
export interface Relayed {
  readonly position: GlobalPosition | undefined;
  /** By partition: the offset after the last record of it that was acknowledged by then. */
  readonly offsets: ReadonlyMap<number, bigint>;
  /** How often the topic was recreated. */
  readonly epoch: number;
}

/** What is sent to a topic, and how far that has come. */
export interface RelayedFrom {
  readonly store: Pick<EventStore, 'countAfter' | 'subscribe'>;
  readonly streamPrefixes: readonly string[];
  readonly checkpoint: () => Promise<Relayed | undefined>;
}

/** By partition, the offset after its last record. */
export type Ends = ReadonlyMap<number, bigint>;

/** How often a store that can't count is asked whether there is an event; there is most often none. */
const freshMs = 5_000;

/** Records that came into the topic after the checkpoint was written: that is done once a second. */
function sentSince(ends: Ends, relayed: Relayed | undefined): number {
  let sent = 0n;
  for (const [partition, end] of ends) {
    const acknowledged = relayed?.offsets.get(partition) ?? 0n;
    if (end > acknowledged) sent += end - acknowledged;
  }
  return Number(sent);
}

/** How many events the topic does not have yet; null: the store can't count. @throws StoreUnavailable */
export async function countUnsent(
  { store }: RelayedFrom,
  relayed: Relayed | undefined,
  ends: Ends,
): Promise<number | null> {
  const count = await store.countAfter(relayed?.position);
  return count === null ? null : Math.max(0, count - sentSince(ends, relayed));
}

/** Knows when the oldest event was recorded that the topic does not have; null: it has all. */
export class OldestUnsent {
  private known: { readonly at: number; readonly oldestMs: Promise<number | null> } | undefined;

  constructor(private readonly from: RelayedFrom) {}

  /** @throws StoreUnavailable */
  async oldestMs(relayed: Relayed | undefined, ends: Ends): Promise<number | null> {
    const unsent = await countUnsent(this.from, relayed, ends);
    if (unsent === 0) return null;
    if (unsent !== null) return this.peek(relayed, ends);
    // Here one can only wait, and see whether an event comes.
    const nowMs = performance.now();
    if (this.known === undefined || nowMs - this.known.at > freshMs)
      this.known = { at: nowMs, oldestMs: this.peek(relayed, ends) };
    return this.known.oldestMs;
  }

  private peek(relayed: Relayed | undefined, ends: Ends): Promise<number | null> {
    const { store, streamPrefixes } = this.from;
    return peekRecordedMs(store, streamPrefixes, relayed?.position, sentSince(ends, relayed));
  }
}
