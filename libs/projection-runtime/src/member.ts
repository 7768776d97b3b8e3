import { KnownHeads } from './known-heads';
import type { Projection } from './projection';

/** A projection in a lane: where it stands in each stream, and the streams that it can't go on with. */
export class Member<E> {
  readonly known: KnownHeads;
  /** By stream, the highest revision that was passed over. */
  private readonly suspended = new Map<string, number>();

  constructor(readonly projection: Projection<E>) {
    this.known = new KnownHeads(projection.name);
  }

  isOurs(stream: string): boolean {
    return this.projection.streamPrefixes.some((prefix) => stream.startsWith(prefix));
  }

  get suspendedStreams(): readonly string[] {
    return [...this.suspended.keys()];
  }

  isSuspended(stream: string): boolean {
    return this.suspended.has(stream);
  }

  passedOver(stream: string): number {
    return this.suspended.get(stream) ?? -1;
  }

  /** From now on this stream's events are passed over, until it was read again. */
  suspend(stream: string, revision: number): void {
    this.suspended.set(stream, Math.max(revision || 0, this.passedOver(stream)));
    this.known.forget(stream);
  }

  /** The next batch takes this stream up again, from where its checkpoint is. */
  resume(stream: string): void {
    this.suspended.delete(stream);
    this.known.forget(stream);
  }

  passOver(stream: string, revision: number): boolean {
    const passed = this.suspended.size === 0 ? undefined : this.suspended.get(stream);
    if (passed === undefined) return false;
    if (revision > passed) this.suspended.set(stream, revision);
    return true;
  }
}
