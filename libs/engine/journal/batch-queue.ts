import { BrokenInvariant } from '@fintech-ledger/contract';
import type { AppendRoom } from './append-room';
import type { Batch, Pending } from './batch';
import type { DomainRecord } from './domain';
import type { ChainTip, SealedEvents } from './event-sealer';
import type { JournalLimits } from './writer-dependencies';

/** What is decided and not yet stored, in the order in which it is appended; at most one batch is in flight. */
export class BatchQueue<C, R extends DomainRecord> {
  /** The first one is in flight while `isAppending`. */
  private batches: Batch<C, R>[] = [];
  private isInFlight = false;

  constructor(
    private readonly limits: JournalLimits,
    private readonly room: AppendRoom,
  ) {}

  get isAppending(): boolean {
    return this.isInFlight;
  }

  get isEmpty(): boolean {
    return this.batches.length === 0;
  }

  get first(): Batch<C, R> | undefined {
    return this.batches[0];
  }

  get last(): Batch<C, R> | undefined {
    return this.batches.at(-1);
  }

  /** What waits behind the batch in flight. */
  get ahead(): readonly Batch<C, R>[] {
    return this.isInFlight ? this.batches.slice(1) : this.batches;
  }

  /** Whether one more decision may be taken: the open batch is not full, or another one may be opened. */
  get hasRoom(): boolean {
    if (this.batches.length - (this.isInFlight ? 1 : 0) < this.limits.batchesAheadMax) return true;
    const open = this.last;
    return (
      open !== undefined &&
      open.events.length < this.room.batchEventsMax &&
      open.bytes < this.room.batchBytesMax
    );
  }

  /** The batch that takes these events. @throws BrokenInvariant when they don't follow what was decided last */
  openFor(sealed: SealedEvents, tip: ChainTip): Batch<C, R> {
    const { last } = this;
    if (last !== undefined && last.after.revision !== tip.revision) {
      throw new BrokenInvariant(
        `events after ${tip.revision} can't follow a batch that ends at ${last.after.revision}`,
      );
    }
    const isOpen = last !== undefined && !(this.isInFlight && this.batches.length === 1);
    if (
      isOpen &&
      last.events.length + sealed.events.length <= this.room.batchEventsMax &&
      last.bytes + sealed.bytes <= this.room.batchBytesMax
    ) {
      return last;
    }
    const batch: Batch<C, R> = {
      events: [],
      bytes: 0,
      before: tip,
      after: tip,
      changes: [],
      keys: [],
      waiting: [],
    };
    this.batches.push(batch);
    return batch;
  }

  /** The first batch, which is in flight from now on. */
  launch(): Batch<C, R> | undefined {
    const batch = this.isInFlight ? undefined : this.first;
    if (batch) this.isInFlight = true;
    return batch;
  }

  landed(): void {
    if (!this.isInFlight) throw new BrokenInvariant('a batch was stored that was not in flight');
    this.isInFlight = false;
  }

  /** Takes out the batch that is stored, which is the first one. */
  shift(stored: Batch<C, R>): void {
    if (this.isInFlight || this.first !== stored) {
      throw new BrokenInvariant(`the batch that ends at ${stored.after.revision} was stored out of order`);
    }
    this.batches.shift();
  }

  /** Takes out what waits behind the batch in flight; returns whose commands were decided there. */
  takeAhead(): readonly Pending<C>[] {
    const decided = waitingIn(this.ahead);
    this.batches.length = this.isInFlight ? 1 : 0;
    return decided;
  }

  /** Empties it; returns whose commands were in flight, and whose were only decided. */
  clear(): { readonly inFlight: readonly Pending<C>[]; readonly decided: readonly Pending<C>[] } {
    const decided = waitingIn(this.ahead);
    const inFlight = waitingIn(this.isInFlight ? this.batches.slice(0, 1) : []);
    this.batches = [];
    return { inFlight, decided };
  }
}

/** Of a later part of a command nobody waits for the answer: it is asked for again. */
function waitingIn<C, R extends DomainRecord>(batches: readonly Batch<C, R>[]): readonly Pending<C>[] {
  return batches.flatMap(({ waiting }) =>
    waiting.flatMap(({ pending }) => (pending.isAhead === true ? [] : [pending])),
  );
}
