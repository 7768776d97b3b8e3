import { BoundedMap } from '@fintech-ledger/contract';
import type { EventStore } from '@fintech-ledger/event-store';

/** How far the erasures of a stream are read; -1: no event of it is. */
export interface ReachedStream {
  readonly stream: string;
  readonly revision: number;
}

/** Streams of which it is remembered; others are looked at again. */
const streamsKnown = 100_000;

/**
 * Whether all erasures are known that the journal had when this process first looked: then those that come are known,
 * because whoever records one destroys the key. A database that was restored from an older backup is behind the journal
 * until the events are read again, and has keys of who was erased since. It is also seen when it is restored while this
 * process runs: what was reached once is not reached any more.
 */
export class ErasuresReached {
  /** The furthest that each stream was seen to be reached, of those of which nothing was missing. */
  private readonly seen = new BoundedMap<string, number>(streamsKnown);

  constructor(private readonly store: Pick<EventStore, 'readStream'>) {}

  /** @returns the first stream of which erasures may be missing @throws StoreUnavailable */
  async missing(streams: readonly ReachedStream[]): Promise<string | undefined> {
    for (const { stream, revision } of streams) {
      const seen = this.seen.get(stream);
      if (seen === undefined || revision < seen) {
        const [head] = await this.store.readStream(stream, { direction: 'backwards', limit: 1 });
        if (head !== undefined && revision < head.revision) return stream;
      }
      this.seen.set(stream, revision);
    }
    return undefined;
  }
}
