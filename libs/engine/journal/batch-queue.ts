import { revision as asRevision } from '@fintech-ledger/event-store';
import { BrokenInvariant } from '@fintech-ledger/contract';
import type { AppendRoom } from './append-room';
import type { Batch, Pending } from './batch';
import type { DomainEvent, DomainRecord } from './domain';
import { AnswerUnavailable } from './gateway';
import type { ChainTip, SealedEvents } from './writer-position';
import type { WaitingCommands } from './waiting-commands';
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

  /** Of the events in it. */
  get bytes(): number {
    return this.batches.reduce((sum, { bytes }) => sum + bytes, 0);
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

  /** The batch with a command under this idempotency key. */
  withKey(key: string): Batch<C, R> | undefined {
    return this.batches.find(({ keys }) => keys.has(key));
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
      keys: new Map(),
      waiting: [],
    };
    this.batches.push(batch);
    return batch;
  }

  /**
   * The batch with which something without events is answered; undefined: at once. Without knowing that nobody else has
   * appended it is not the one in flight, which may have been stored before that was decided.
   */
  forAnswer(tip: ChainTip, isCurrent: boolean): Batch<C, R> | undefined {
    return isCurrent ? this.last : this.openFor({ events: [], bytes: 0, tip }, tip);
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

  /** Empties it; returns whose commands were in flight with events, and whose were only decided. */
  clear(): { readonly inFlight: readonly Pending<C>[]; readonly decided: readonly Pending<C>[] } {
    const isSent = this.isInFlight && this.first !== undefined && this.first.events.length > 0;
    const inFlight = waitingIn(isSent ? this.batches.slice(0, 1) : []);
    const decided = waitingIn(isSent ? this.ahead : this.batches);
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

/** The batch is stored: who waits for it is answered, or waits on for the end of a call. */
export function answerBatch<C, E extends DomainEvent, R extends DomainRecord>(
  stream: string,
  { after, ended, waiting }: Batch<C, R>,
  calls: WaitingCommands<C, E, R>,
): void {
  for (const { pending, outcome, awaited } of waiting) {
    try {
      if (awaited) calls.stored(pending, awaited);
      else pending.resolve(outcome());
    } catch (error) {
      const detail = `its answer can't be made: ${(error as Error).message}`;
      pending.reject(new AnswerUnavailable(stream, asRevision(after.revision), detail, { cause: error }));
    }
  }
  if (ended) calls.ended(ended);
}
