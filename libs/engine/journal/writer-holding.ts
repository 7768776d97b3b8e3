import type { BatchQueue } from './batch-queue';
import type { CommandQueue } from './command-queue';
import type { DomainEvent, DomainRecord } from './domain';
import type { DueRecords } from './due-records';
import { dueBytes } from './writer-memory';
import type { HeldBytes, MemoryHolder } from './writer-memory';
import type { WriterState } from './writer-state';

interface HoldingParts<C, E extends DomainEvent, R extends DomainRecord> {
  readonly state: WriterState<R>;
  readonly due: DueRecords<C, E, R>;
  readonly batches: BatchQueue<C, R>;
  readonly queue: CommandQueue<C>;
}

/** Due records that an idle writer keeps. */
const dueKept = 100;

/** What one writer holds in memory. */
export class WriterHolding<C, E extends DomainEvent, R extends DomainRecord> implements MemoryHolder {
  constructor(
    private readonly parts: HoldingParts<C, E, R>,
    private readonly writer: { readonly isStopped: boolean; readonly isIdle: boolean },
    /** Writes a checkpoint, in the background. */
    readonly save: () => void,
  ) {}

  get isStopped(): boolean {
    return this.writer.isStopped;
  }

  get isIdle(): boolean {
    return this.writer.isIdle;
  }

  get usedAtMs(): number {
    return this.parts.queue.usedAtMs;
  }

  held(): HeldBytes {
    const { batches, due, state } = this.parts;
    return { decided: batches.bytes, ...state.held, due: due.size * dueBytes };
  }

  evict(): void {
    this.parts.state.evict();
    this.parts.due.trim(dueKept);
  }
}
