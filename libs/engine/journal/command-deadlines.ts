import { instruments } from '@fintech-ledger/telemetry';
import type { Batch, Pending, Waiting } from './batch';
import type { BatchQueue } from './batch-queue';
import type { CommandIntake } from './command-intake';
import type { CommandQueue } from './command-queue';
import type { DomainEvent, DomainRecord } from './domain';
import { CommandOutcomeUnknown, notInTime } from './gateway';
import { journalLimits } from './limits';
import type { WaitingCommands } from './waiting-commands';
import type { WriterPosition } from './writer-position';
import type { WriterState } from './writer-state';

interface DeadlineParts<C, E extends DomainEvent, R extends DomainRecord> {
  readonly queue: CommandQueue<C>;
  readonly intake: CommandIntake<C, E, R>;
  readonly batches: BatchQueue<C, R>;
  readonly state: WriterState<R>;
  readonly position: WriterPosition;
  readonly waiting: WaitingCommands<C, E, R>;
}

/**
 * Answers the callers of a writer whose time is over, with what is known by then: that nothing was booked of what was
 * not sent to the store, and of what is on its way there that nobody knows.
 */
export class CommandDeadlines<C, E extends DomainEvent, R extends DomainRecord> {
  private isWatching = false;
  /** The last deadline of all. */
  private until = 0;
  /** Its append was not over in time. */
  private late: Batch<C, R> | undefined;

  /** The batch that was left in flight when the writer ended, because the store was lost. */
  left: Batch<C, R> | undefined;

  constructor(
    private readonly stream: string,
    private readonly parts: DeadlineParts<C, E, R>,
    private readonly isIdle: () => boolean,
  ) {}

  /** Nothing more is decided behind an append that takes too long: it would only have to be taken back. */
  get isHeldUp(): boolean {
    return (
      this.late !== undefined && this.parts.batches.isAppending && this.late === this.parts.batches.first
    );
  }

  /** From now on until nothing waits any more, or the last deadline has passed. */
  watch(deadline: number | undefined): void {
    this.until = Math.max(this.until, deadline ?? 0);
    if (this.isWatching || deadline === undefined) return;
    this.isWatching = true;
    this.lookLater();
  }

  private get isAwaited(): boolean {
    return !this.isIdle() || this.left !== undefined;
  }

  private lookLater(): void {
    setTimeout(() => {
      const nowMs = performance.now();
      if (this.isAwaited) this.expire(nowMs);
      this.isWatching = this.isAwaited && nowMs <= this.until;
      if (this.isWatching) this.lookLater();
    }, journalLimits.deadlineLookMs).unref();
  }

  private expire(nowMs: number): void {
    const isOver = ({ envelope, isGivenUp }: Pending<C>): boolean =>
      envelope.deadline !== undefined && envelope.deadline <= nowMs && isGivenUp !== true;
    const { batches, intake, queue } = this.parts;
    if (batches.ahead.some(({ waiting }) => waiting.some(({ pending }) => isOver(pending)))) this.withdraw();
    const notSent = [...queue.expire(isOver), ...intake.expire(isOver)];
    const inFlight = this.left ?? (batches.isAppending ? batches.first : undefined);
    for (const waiting of inFlight?.waiting ?? []) {
      if (!isOver(waiting.pending)) continue;
      this.late = inFlight;
      if (mayBeStored(waiting)) this.giveUp(waiting.pending, true);
      else notSent.push(waiting.pending);
    }
    for (const pending of notSent) this.giveUp(pending, false);
  }

  /** Whether this is the batch that was left in flight; then it is over now. */
  isLeft(batch: Batch<C, R>): boolean {
    if (this.left !== batch) return false;
    this.left = undefined;
    return true;
  }

  private giveUp(pending: Pending<C>, isUnknown: boolean): void {
    pending.isGivenUp = true;
    instruments.commandTimeouts.add(1, { outcome: isUnknown ? 'unknown' : 'not_booked' });
    pending.reject(
      isUnknown
        ? new CommandOutcomeUnknown(
            'whether it was stored is unknown: the event store has not answered in time',
          )
        : notInTime(this.stream),
    );
  }

  /** Takes back what was decided behind the append in flight: nothing of it was sent. */
  private withdraw(): void {
    const { batches, intake, position, state, waiting } = this.parts;
    const decided = batches.takeAhead();
    const { first } = batches;
    this.late = first;
    state.undoSpeculation();
    if (first) state.speculate(first.changes);
    position.tip = first?.after ?? position.confirmed;
    intake.undone(decided);
    // What they wait for may have been taken back.
    if (waiting.count > 0) waiting.again();
  }
}

/** Its own events are on their way, or those of its idempotency key. */
function mayBeStored<C>({ hasEvents, isReplay }: Waiting<C>): boolean {
  return hasEvents === true || isReplay === true;
}
