import type { ChainHead } from './chain-head';
import { KnownHeads } from './known-heads';
import type { Projection } from './projection';
import { SuspendedStreams } from './suspended-streams';

/** A projection in a lane: where it stands in each stream, and the streams that it can't go on with. */
export class Member<E> {
  readonly known: KnownHeads;
  readonly suspended = new SuspendedStreams();

  constructor(readonly projection: Projection<E>) {
    this.known = new KnownHeads(projection.name);
  }

  isOurs(stream: string): boolean {
    return this.projection.streamPrefixes.some((prefix) => stream.startsWith(prefix));
  }

  /** From now on this stream's events are passed over, until it was read again. */
  suspend(stream: string, revision: number): void {
    this.suspended.add(stream, revision);
    this.known.forget(stream);
  }

  /** The next batch takes this stream up again, from there; absent: from where its checkpoint is. */
  resume(stream: string, head?: ChainHead): void {
    this.suspended.delete(stream);
    if (head === undefined) this.known.forget(stream);
    else this.known.set(stream, head);
  }
}
