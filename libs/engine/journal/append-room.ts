import { refuse } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import type { EventStore, EventToAppend } from '@fintech-ledger/event-store';
import type { Batch } from './batch';
import type { DomainRecord } from './domain';
import { bulkTooLarge } from './refusals';
import type { JournalLimits } from './writer-dependencies';
import type { SealedEvents } from './writer-position';

/**
 * How much goes into one append: what the store says, our own limits, and what the store has refused lately, because
 * its own limit may be below the one that it is configured with here.
 */
export class AppendRoom {
  private learned: { commandBytesMax: number; batchBytesMax: number; until: number } | undefined;

  constructor(
    private readonly store: Pick<EventStore, 'limits'>,
    private readonly limits: JournalLimits,
  ) {}

  /** Of one command, which is never divided. */
  get commandBytesMax(): number {
    const { appendBytesMax } = this.store.limits;
    return this.learned === undefined
      ? appendBytesMax
      : Math.min(appendBytesMax, this.current().commandBytesMax);
  }

  get commandEventsMax(): number {
    return this.store.limits.appendEventsMax;
  }

  /** Of a command that is stored in parts. */
  get ofParts(): Pick<AppendRoom, RoomLimit> {
    const { commandEventsMax } = this;
    const bytesMax = Math.min(this.commandBytesMax, this.learned?.batchBytesMax ?? Infinity);
    return {
      commandBytesMax: bytesMax,
      commandEventsMax,
      batchBytesMax: bytesMax,
      batchEventsMax: commandEventsMax,
    };
  }

  /** Of several commands. */
  get batchBytesMax(): number {
    const bytesMax = Math.min(this.limits.batchBytesMax, this.commandBytesMax);
    return this.learned === undefined ? bytesMax : Math.min(bytesMax, this.learned.batchBytesMax);
  }

  get batchEventsMax(): number {
    return Math.min(this.limits.batchEventsMax, this.commandEventsMax);
  }

  /**
   * The store refused this batch as too large: what can be divided is halved, and what can't is refused from now on.
   */
  refused<C, R extends DomainRecord>({ bytes, events, waiting }: Batch<C, R>): void {
    const isOneCommand = waiting.filter(({ hasEvents }) => hasEvents).length === 1;
    const mayBeCut = waiting.some(({ pending }) => pending.mayBeCut === true || pending.items !== undefined);
    const isDivisible = events.length > 1 && (!isOneCommand || mayBeCut);
    const before = this.learned ?? { commandBytesMax: Infinity, batchBytesMax: Infinity };
    this.learned = {
      commandBytesMax: isDivisible ? before.commandBytesMax : bytes - 1,
      batchBytesMax: isDivisible ? bytes >> 1 : before.batchBytesMax,
      until: performance.now() + this.limits.refusedSizeMs,
    };
  }

  private current(): { readonly commandBytesMax: number; readonly batchBytesMax: number } {
    if (this.learned && performance.now() > this.learned.until) this.learned = undefined;
    return this.learned ?? { commandBytesMax: Infinity, batchBytesMax: Infinity };
  }
}

type RoomLimit = 'commandBytesMax' | 'commandEventsMax' | 'batchBytesMax' | 'batchEventsMax';
type Room = AppendRoom['ofParts'];

export function isTooLarge({ bytes, events }: SealedEvents, room: Room): boolean {
  return bytes > room.commandBytesMax || events.length > room.commandEventsMax;
}

export function tooLarge({ bytes, events }: SealedEvents, room: Room): Refusal {
  const most = `at most ${room.commandEventsMax} of ${room.commandBytesMax} can be stored at once`;
  const detail = `it makes ${events.length} events of ${bytes} bytes; ${most}`;
  return refuse(bulkTooLarge, detail);
}

/** How many of the first events go into one batch. @param overheadBytes what the store counts of each in addition */
export function fitting(
  { events }: SealedEvents,
  { batchEventsMax, batchBytesMax }: Room,
  overheadBytes: number,
): number {
  const eventsMax = Math.min(batchEventsMax, events.length);
  let bytes = 0;
  for (let count = 0; count < eventsMax; count += 1) {
    const { data, metadata } = events[count] as EventToAppend;
    bytes += Buffer.byteLength(data) + Buffer.byteLength(metadata) + overheadBytes;
    if (bytes > batchBytesMax) return count;
  }
  return eventsMax;
}
