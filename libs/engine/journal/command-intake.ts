import { WriterUnavailable } from './gateway';
import type { Pending } from './batch';
import type { CommandDecider, DecidingSteps } from './command-decider';
import type { CommandQueue } from './command-queue';
import type { DomainEvent, DomainRecord } from './domain';
import type { DueRecords } from './due-records';
import type { RecordLoader } from './record-loader';
import type { Turns } from './turns';
import type { WriterPosition } from './writer-position';
import type { WriterState } from './writer-state';

interface IntakeParts<C, E extends DomainEvent, R extends DomainRecord> {
  readonly queue: CommandQueue<C>;
  readonly due: DueRecords<C, E, R>;
  readonly position: WriterPosition;
  readonly state: WriterState<R>;
  readonly records: RecordLoader<C, E, R>;
  readonly decider: CommandDecider<C, E, R>;
  readonly turns: Turns;
}

/** What it asks of its writer. */
interface IntakeOwner<C> {
  /** Whether one more decision may be taken. */
  hasRoom(): boolean;
  /** Whether what was loaded is decided now, comes again after a recovery, or is not wanted any more. */
  whenLoaded(): 'decide' | 'wait' | 'refuse';
  loadingFailed(group: readonly Pending<C>[], error: Error): Promise<void>;
  refuse(group: readonly Pending<C>[]): void;
  /** Something may be decided again. */
  goOn(): void;
}

/**
 * Takes commands from the queue, has loaded what they read, and decides them as long as the turn lasts. A command that
 * takes longer goes on in the next turn; until it has ended no other command of the stream is decided, and nothing of
 * it is seen.
 */
export class CommandIntake<C, E extends DomainEvent, R extends DomainRecord> {
  /** What waits until its records are loaded. */
  private loading: readonly Pending<C>[] = [];
  /** Decisions were undone meanwhile, of commands that came before these. */
  private isUndone = false;
  /** What is being decided, over several turns; what it reads is pinned. */
  private open: { readonly pending: Pending<C>; readonly steps: DecidingSteps } | undefined;

  constructor(
    private readonly parts: IntakeParts<C, E, R>,
    private readonly owner: IntakeOwner<C>,
  ) {}

  private get isLoading(): boolean {
    return this.loading.length > 0;
  }

  get isIdle(): boolean {
    return this.parts.queue.isEmpty && !this.isLoading && this.open === undefined;
  }

  /** Decides what waits, as far as there is room. Returns whether the time was over before that. */
  work(isOver: () => boolean): boolean {
    const { queue, due } = this.parts;
    if (this.open && !this.goOnWith(this.open, isOver)) return true;
    while (!this.isLoading && this.owner.hasRoom() && (!queue.isEmpty || due.isAnyDue)) {
      if (isOver()) return true;
      if (!this.prepare(isOver)) break;
    }
    return this.open !== undefined;
  }

  /** What is over of the commands at hand: it must not be decided any more. */
  expire(isOver: (pending: Pending<C>) => boolean): readonly Pending<C>[] {
    const over = this.loading.filter(isOver);
    return this.open && isOver(this.open.pending) ? [...over, ...this.drop()] : over;
  }

  /** Decisions were undone: these commands, and what is being decided, come first again, before what is loading. */
  undone(decided: readonly Pending<C>[]): void {
    this.parts.queue.putBack([...decided, ...this.drop()]);
    this.isUndone = true;
  }

  /** Gives up what is being decided; returns it. */
  drop(): readonly Pending<C>[] {
    if (this.open === undefined) return [];
    const { pending } = this.open;
    this.open = undefined;
    this.parts.state.unpin();
    return [pending];
  }

  /**
   * Takes a group and decides it, up to the first command that reads what is not in memory; that is loaded for it and
   * all behind it at once. False: there was nothing, or it waits for that.
   */
  private prepare(isOver: () => boolean): boolean {
    const { due, position, queue, records, state } = this.parts;
    const now = position.now();
    const group = [...due.commands(now), ...queue.take()];
    if (group.length === 0) return false;
    state.startPinning();
    let cold: readonly Pending<C>[];
    try {
      cold = this.decideGroup(group, now, isOver, (pending) => records.isMissing(pending));
    } finally {
      this.unpin();
    }
    if (cold.length === 0) return true;
    this.loading = cold;
    void this.loadThenDecide(cold);
    return false;
  }

  /**
   * What a command changes may change what those behind it read: each is asked again when its turn comes, and what one
   * misses by then is loaded for it and all behind it.
   */
  private async loadThenDecide(group: readonly Pending<C>[]): Promise<void> {
    const { position, queue, records, state, turns } = this.parts;
    let cold = group;
    let isHandedOver = false;
    this.isUndone = false;
    state.startPinning();
    try {
      while (cold.length > 0) {
        this.loading = cold;
        await records.loadForCommands(cold);
        this.loading = [];
        const next = this.owner.whenLoaded();
        if (next === 'decide' && !this.isUndone) {
          // The time of now: what the clock said before may have been doubted since.
          cold = this.decideGroup(cold, position.now(), turns.slice(), (pending) =>
            records.isMissing(pending),
          );
          isHandedOver = this.open !== undefined;
          continue;
        }
        if (next === 'refuse') this.owner.refuse(cold);
        else queue.putBack(cold);
        break;
      }
    } catch (error) {
      this.loading = [];
      await this.owner.loadingFailed(cold, error as Error);
    } finally {
      // While it failed, another command may have been begun that has pinned what it reads on its own.
      if (!isHandedOver) state.unpin();
    }
    this.owner.goOn();
  }

  /** What is being decided keeps its records. */
  private unpin(): void {
    if (this.open === undefined) this.parts.state.unpin();
  }

  /**
   * One command of it at least; what is left when the time is over goes back. Returns those from the first one on that
   * reads what is not in memory. Each is asked when its turn comes: a group may be much larger than a slice.
   */
  private decideGroup(
    group: readonly Pending<C>[],
    now: string,
    isOver: () => boolean,
    isCold: (pending: Pending<C>) => boolean,
  ): readonly Pending<C>[] {
    const { decider, queue, records } = this.parts;
    const putBack = (from: number): readonly [] => {
      queue.putBack(group.slice(from));
      return [];
    };
    for (let i = 0; i < group.length; i += 1) {
      if (!this.owner.hasRoom() || (i > 0 && isOver())) return putBack(i);
      const pending = group[i] as Pending<C>;
      if (pending.isGivenUp === true) continue;
      try {
        if (isCold(pending)) return group.slice(i);
        const steps = decider.decide(pending, now);
        if (ends(steps, isOver)) continue;
        records.hold(pending);
        this.open = { pending, steps };
      } catch (error) {
        // The group's later commands go back first, so that stop() answers them.
        putBack(i + 1);
        failed(pending, error);
      }
      return putBack(i + 1);
    }
    return [];
  }

  private goOnWith({ pending, steps }: { pending: Pending<C>; steps: DecidingSteps }, isOver: () => boolean) {
    let isDone = true;
    try {
      isDone = ends(steps, isOver);
    } catch (error) {
      failed(pending, error);
    } finally {
      if (isDone) this.drop();
    }
    return isDone;
  }
}

/** Goes on to the end, or until the time is over; at least one step. */
function ends(steps: DecidingSteps, isOver: () => boolean): boolean {
  for (;;) {
    if (steps.next().done === true) return true;
    if (isOver()) return false;
  }
}

function failed(pending: Pending<unknown>, error: unknown): never {
  pending.reject(new WriterUnavailable((error as Error).message, 1, { cause: error }));
  throw error;
}
