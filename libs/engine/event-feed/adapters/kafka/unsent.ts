import { installationStream } from '@fintech-ledger/envelope';
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
  readonly store: Pick<EventStore, 'countAfter' | 'readStream' | 'subscribe'>;
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

/** What the topic does not have yet. */
export class Unsent {
  private known: { readonly at: number; readonly oldestMs: Promise<number | null> } | undefined;

  constructor(private readonly from: RelayedFrom) {}

  /** How many events that are; null: the store can't count them. @throws StoreUnavailable */
  async count(relayed: Relayed | undefined, ends: Ends): Promise<number | null> {
    const count = await this.counted(relayed, ends);
    if (count !== null) return count;
    // Such a store shows at least whether there is one. That none came says so only of a store that answers.
    if ((await this.seen(relayed, ends)) !== null) return null;
    await this.from.store.readStream(installationStream, { limit: 1 });
    return 0;
  }

  /** When the oldest of them was recorded; null: there is none. @throws StoreUnavailable */
  async oldestMs(relayed: Relayed | undefined, ends: Ends): Promise<number | null> {
    const count = await this.counted(relayed, ends);
    if (count === 0) return null;
    return count === null ? this.seen(relayed, ends) : this.peek(relayed, ends);
  }

  private async counted(relayed: Relayed | undefined, ends: Ends): Promise<number | null> {
    const count = await this.from.store.countAfter(relayed?.position);
    return count === null ? null : Math.max(0, count - sentSince(ends, relayed));
  }

  /** Here one can only wait, and see whether an event comes. */
  private seen(relayed: Relayed | undefined, ends: Ends): Promise<number | null> {
    const nowMs = performance.now();
    if (this.known === undefined || nowMs - this.known.at > freshMs)
      this.known = { at: nowMs, oldestMs: this.peek(relayed, ends) };
    return this.known.oldestMs;
  }

  private peek(relayed: Relayed | undefined, ends: Ends): Promise<number | null> {
    const { store, streamPrefixes } = this.from;
    const skipped = sentSince(ends, relayed);
    return peekRecordedMs(store, { streamPrefixes, after: relayed?.position, skipped });
  }
}
