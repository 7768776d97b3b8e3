import type { EventToAppend } from '@fintech-ledger/event-store';
import type { KeyRecord } from './checkpoint-store';
import type { AwaitedCall, DomainEvent, DomainRecord, RecordChange } from './domain';
import type { IntendedEffect } from './effect';
import type { ChainTip } from './writer-position';
import type { CommandEnvelope, CommandOutcome } from './gateway';
import type { ItemRange } from './submit-in-parts';

/** A command that was taken in and not yet answered. */
export interface Pending<C> {
  readonly envelope: CommandEnvelope<C>;
  /** What its events' ids are derived from. */
  readonly commandKey: string;
  resolve(outcome: CommandOutcome): void;
  reject(error: Error): void;
  /** Of the writer's own commands: as many of its events are taken as fit into one append. */
  readonly mayBeCut?: boolean;
  /** Of a command whose items may be stored in several appends. */
  readonly items?: ItemRange;
  /** How much there is to decide, see `JournalDomain.costOf`. */
  readonly cost?: number;
  /** How much memory it takes. */
  readonly bytes?: number;
  /** Its place among those that were taken from the queue; the queue sets it. The writer's own come first. */
  order?: number;
  /**
   * A later part of a command, decided with the first one. Nobody waits for it, and when it is not stored it is forgotten: the command's caller asks
   * for it, and it may begin at another item by then.
   */
  readonly isAhead?: boolean;
  /** Its caller was told that the time is over: it is not decided any more. */
  isGivenUp?: boolean;
  /** Its events are stored, and it is answered once a call has ended. */
  readonly awaited?: AwaitedOutcome;
  /** When it has waited for a call for the longest time, by the monotonic clock. */
  waitsUntil?: number;
  /** Told of the state with the command's events over it, whenever it is decided. */
  onDecided?(isThere: (key: string) => DomainRecord | undefined): void;
}

/** What a stored command waits for, and what its answer is made of. */
export interface AwaitedOutcome extends AwaitedCall {
  readonly events: readonly DomainEvent[];
  /** Of the last one. */
  readonly revision: number;
  readonly isReplay: boolean;
  /** Of the first request that asked for the command. */
  readonly correlationId: string;
}

/** A call ended, with this event. */
export interface EndedCall extends AwaitedCall {
  readonly event: DomainEvent;
  readonly revision: number;
}

/** A decided command that waits for its batch to be stored. */
export interface Waiting<C> {
  readonly pending: Pending<C>;
  /** Called once the batch is stored. */
  readonly outcome: () => CommandOutcome;
  /** Whether events of the batch are its own; else it only rests on them. */
  readonly hasEvents?: boolean;
  /** Whether it is answered as the first command with its idempotency key, which is in the batch. */
  readonly isReplay?: boolean;
  /** What it waits for once the batch is stored. */
  readonly awaited?: AwaitedOutcome;
}

/** A command that was decided under an idempotency key. */
export interface KeyOfBatch<C> {
  readonly record: KeyRecord;
  readonly waiting: Waiting<C>;
}

/** What is appended at once, and what becomes true with it. */
export interface Batch<C, R extends DomainRecord> {
  readonly events: EventToAppend[];
  bytes: number;
  readonly before: ChainTip;
  after: ChainTip;
  readonly changes: RecordChange<R>[];
  /** Idempotency keys of the commands in it. Dropped with it: a map of all that come and go would keep them (0058). */
  readonly keys: Map<string, KeyOfBatch<C>>;
  readonly waiting: Waiting<C>[];
  /** What its events intend, where any of them does. */
  effects?: IntendedEffect[];
  /** Calls that end with its events. */
  ended?: EndedCall[];
}

/** Tells all that wait for a batch how it failed: where it may be stored, never that nothing was written. */
export function rejectWaiting<C, R extends DomainRecord>({ waiting }: Batch<C, R>, reason: Error): void {
  for (const { pending } of waiting) pending.reject(reason);
}
