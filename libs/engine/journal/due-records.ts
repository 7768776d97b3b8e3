import { nextPause } from '@fintech-ledger/contract';
import type { Pending } from './batch';
import type { DomainEvent, DomainRecord, RecordChange } from './domain';
import { bugIn, dueCommand } from './due-command';
import type { Group } from './due-command';
import { DueQueue, FailingRecords } from './due-queue';
import { DueReadings } from './due-readings';
import type { CommandOutcome } from './gateway';
import { DueResumption } from './due-resumption';
import { DueUnderWay } from './due-under-way';
import type { JournalLimits, WriterDependencies } from './writer-dependencies';
import type { WriterPosition } from './writer-position';
import type { WriterState } from './writer-state';

/** How soon at least the writer looks again when something is due already. */
const wakeMsMin = 20;
/**
 * The records that a writer must act on without a command when their time has come, such as holds that expire. Nobody
 * waits for the outcome of these commands, so it is looked after here: a group that is too large is cut, one that
 * failed is tried again after a pause, and a record that can't be handled at all is an alarm, and is tried again from
 * time to time. None is dropped.
 */
export class DueRecords<C, E extends DomainEvent, R extends DomainRecord> {
  private readonly queue: DueQueue;
  private readonly failing: FailingRecords;
  private timer: NodeJS.Timeout | undefined;
  /** How many records the next command has. */
  private groupMax: number;
  private pauseMs = 0;
  /** By `performance.now()`. */
  private pausedUntil = 0;
  private readonly underWay = new DueUnderWay();
  private readonly resumption: DueResumption<C, E, R>;
  private readonly readings: DueReadings<R>;
  /** Records that were acted on since it was made. */
  handled = 0;

  constructor(
    private readonly stream: string,
    private readonly deps: WriterDependencies<C, E, R>,
    state: WriterState<R>,
    private readonly position: WriterPosition,
    private readonly limits: JournalLimits,
    private readonly incarnation: string,
  ) {
    this.groupMax = limits.dueCommandRecordsMax;
    this.queue = new DueQueue((key) => deps.domain.isDueLast?.(key) === true);
    this.failing = new FailingRecords(limits);
    this.readings = new DueReadings(state, (record) => deps.domain.dueAt(record));
    this.resumption = new DueResumption(stream, deps, position, limits, incarnation);
  }

  /** Whether a record is due now. */
  get isAnyDue(): boolean {
    const { nextAt } = this.queue;
    if (nextAt === undefined && this.failing.size === 0) return false;
    if (this.deps.clock.doubt?.() !== undefined) return false;
    const now = performance.now();
    if (now < this.pausedUntil) return false;
    const time = this.time(this.position.now());
    if (time === undefined) return false;
    if (this.resumption.isPending || now >= this.failing.nextRetryAt) return true;
    return nextAt !== undefined && nextAt <= time && !(this.queue.isNextLast && this.underWay.isAnyDue);
  }

  /**
   * When the earliest record is due that is not known to be done, or undefined: one whose command is under way is not,
   * and what is due after it in other streams must wait for it.
   */
  get nextAt(): string | undefined {
    const [held, begun] = [this.queue.nextAt, this.underWay.firstAt];
    return held === undefined || (begun !== undefined && begun < held) ? begun : held;
  }

  get isBeyondHorizon(): boolean {
    return this.queue.isBeyondHorizon;
  }
  /** The time by which something is due; undefined: it is not known. */
  private time(recordedAt: string): string | undefined {
    return this.position.dueTime(recordedAt, this.deps.domain.isDueInRealTime);
  }

  /** Resolves when nothing is left that was due by then, or the time is over. @param endAt by `performance.now()` */
  settled(dueBy: string, endAt: number): Promise<void> {
    const isLeft = (): boolean => this.isBeyondHorizon || (this.nextAt !== undefined && this.nextAt <= dueBy);
    return this.underWay.settled(() => !isLeft(), endAt);
  }

  /** How many it holds. */
  get size(): number {
    return this.queue.size;
  }
  /** Keeps the earliest ones: the checkpoint, or the records that it does not have yet, tell the others later. */
  trim(max: number): void {
    this.queue.trim(max);
  }

  /** Takes in what the changes make due. */
  note(changes: readonly RecordChange<R>[]): void {
    for (const { key, record } of changes) {
      const dueAt = this.deps.domain.dueAt(record);
      if (dueAt !== undefined) {
        this.queue.push(key, dueAt);
        this.readings.note({ key, record });
      } else if (this.failing.size > 0 && this.failing.delete(key))
        this.deps.observer.dueRecovered(this.stream);
    }
    if (this.queue.size > 2 * this.limits.dueRecordsMax) this.trim(this.limits.dueRecordsMax);
  }

  /** Begins again from the checkpoint. @throws StoreUnavailable */
  async load(): Promise<void> {
    this.failing.clear();
    this.resumption.begin();
    await this.read();
  }

  /** The writer's own command for records whose time has come, ahead of all others. */
  commands(recordedAt: string): Pending<C>[] {
    if (!this.deps.domain.dueCommand || performance.now() < this.pausedUntil) return [];
    const now = this.time(recordedAt);
    if (now === undefined) return [];
    // Nothing is due by a clock that is not believed.
    if (this.deps.clock.doubt?.() !== undefined) return [];
    const begin = (): (() => void) => this.underWay.begin(undefined);
    const resumed = this.resumption.isPending ? this.resumption.commands(now, this.queue, begin) : [];
    for (const { key, dueAt } of this.failing.takeRetries())
      this.queue.putBack([key], new Map([[key, dueAt]]));
    const firstAt = this.queue.nextAt;
    // What comes last waits until something has become of all that was due before.
    const taken = this.queue.takeDue(now, this.groupMax, !this.underWay.isAnyDue);
    if (taken.length === 0) return resumed;
    const dueAts = new Map(taken.map(({ key, dueAt }) => [key, dueAt]));
    const keys = [...dueAts.keys()];
    const groups = this.deps.domain.dueTogether?.(keys) ?? [keys];
    return [
      ...resumed,
      ...groups.map((group, index) =>
        this.commandFor({ keys: group, dueAts, left: group }, this.underWay.begin(firstAt), now, index),
      ),
    ];
  }

  private commandFor(group: Group, ended: () => void, now: string, index: number): Pending<C> {
    const { stream, incarnation } = this;
    const { keys } = group;
    return {
      ...dueCommand(this.deps.domain, this.position, { stream, incarnation, keys, now, index }),
      mayBeCut: true,
      onDecided: (recordOf) => {
        group.left = keys.filter((key) => this.isDue(recordOf(key) as R | undefined, now));
      },
      resolve: (outcome) => {
        this.decided(group, outcome, now);
        ended();
      },
      reject: (error) => {
        this.failed(group, error);
        ended();
      },
    };
  }

  /** After a checkpoint: takes in what lay beyond the horizon. @throws StoreUnavailable */
  async reload(): Promise<void> {
    await this.read();
    // All that is due fails: what is behind it is not reached any sooner by looking again at once.
    if (this.queue.size === 0) this.pausedUntil = performance.now() + this.limits.duePauseMsMax;
  }

  /**
   * Calls when the next record is due; one call for each arming.
   * @param onDue `isBeyondHorizon`: write a checkpoint and `reload` first, the record is only there
   */
  arm(onDue: (isBeyondHorizon: boolean) => void): void {
    this.disarm();
    const { nextAt, horizon } = this.queue;
    const wakeAt = nextAt ?? horizon;
    const now = performance.now();
    const untilDue =
      wakeAt === undefined ? Infinity : this.position.msUntil(wakeAt, this.deps.domain.isDueInRealTime);
    const untilRetry = this.failing.nextRetryAt - now;
    // A clock that is not believed is looked at from time to time only.
    const least = this.deps.clock.doubt?.() === undefined ? wakeMsMin : this.limits.duePauseMsMin;
    const delay = Math.max(Math.min(untilDue, untilRetry), this.pausedUntil - now, least);
    if (delay === Infinity) return;
    this.timer = setTimeout(() => onDue(this.isBeyondHorizon), Math.min(delay, 2 ** 31 - 1));
    this.timer.unref();
  }

  disarm(): void {
    clearTimeout(this.timer);
  }
  private isDue(record: R | undefined, now: string): boolean {
    const dueAt = record && this.deps.domain.dueAt(record);
    return dueAt !== undefined && dueAt <= now;
  }

  /** The command of a group was answered: what it did not take comes again. */
  private decided({ dueAts, keys, left }: Group, outcome: CommandOutcome, now: string): void {
    this.pauseMs = 0;
    if (outcome.kind === 'refused' && keys.length > 1) {
      this.groupMax = Math.max(keys.length >> 1, 1);
      this.queue.putBack(keys, dueAts);
    } else if (outcome.kind === 'refused') {
      this.giveUp(keys, now, `${outcome.refusal.code}: ${outcome.refusal.detail}`);
    } else if (left.length === keys.length) {
      this.giveUp(keys, now, 'deciding it changes nothing');
    } else {
      if (this.failing.size > 0) this.recovered(keys, left);
      this.handled += keys.length - left.length;
      this.groupMax =
        left.length > 0
          ? keys.length - left.length
          : Math.min(this.groupMax * 2, this.limits.dueCommandRecordsMax);
      this.queue.putBack(left, dueAts);
    }
  }

  /** The command of a group was not carried out, or nobody knows. */
  private failed({ dueAts, keys }: Group, error: Error): void {
    const bug = bugIn(error);
    if (bug) this.deps.observer.dueFailed(this.stream, keys, bug.message);
    const { duePauseMsMin, duePauseMsMax } = this.limits;
    this.pauseMs = nextPause(this.pauseMs, duePauseMsMin, duePauseMsMax);
    this.pausedUntil = performance.now() + this.pauseMs;
    this.queue.putBack(keys, dueAts);
  }

  private giveUp(keys: readonly string[], dueAt: string, reason: string): void {
    for (const key of keys) this.failing.add(key, dueAt);
    this.deps.observer.dueFailed(this.stream, keys, reason);
  }

  private recovered(keys: readonly string[], left: readonly string[]): void {
    const isLast = keys.some((key) => !left.includes(key) && this.failing.delete(key));
    if (isLast) this.deps.observer.dueRecovered(this.stream);
  }

  /** Takes in the earliest records of the checkpoint, besides those that fail, and what it may not have yet. */
  private async read(): Promise<void> {
    const limit = this.limits.dueRecordsMax + this.failing.size;
    const load = () => this.deps.checkpoints.loadDue(this.stream, limit);
    const { found, unsaved } = await this.readings.during(load);
    this.queue.clear();
    for (const { key, dueAt } of found) if (!this.failing.has(key)) this.queue.push(key, dueAt);
    if (found.length === limit) this.queue.horizon = found.at(-1)?.dueAt;
    this.note(unsaved);
  }
}
