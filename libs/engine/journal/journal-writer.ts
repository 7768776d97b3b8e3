import {
  AppendTooLarge,
  StoreUnavailable,
  WrongExpectedRevision,
  wroteNothing,
} from '@fintech-ledger/event-store';
import { appendWithPatience } from './append-with-patience';
import { rejectWaiting, type Batch, type Pending } from './batch';
import { AppendRoom } from './append-room';
import { answerBatch, BatchQueue } from './batch-queue';
import { CheckpointFlusher } from './checkpoint-flusher';
import { CheckpointCorrupt } from './checkpoint-store';
import { CommandDeadlines } from './command-deadlines';
import { CommandDecider } from './command-decider';
import { CommandIntake } from './command-intake';
import { CommandQueue } from './command-queue';
import type { DomainEvent, DomainRecord } from './domain';
import { DueRecords } from './due-records';
import { runDue } from './due-run';
import { Effects } from './effects';
import { asUnavailable, outcomeUnknown, WriterUnavailable, storeLost } from './gateway';
import type { CommandEnvelope, CommandOutcome } from './gateway';
import { journalLimits } from './limits';
import { CheckpointAhead, RecordLoader } from './record-loader';
import { StateLoader } from './state-loader';
import { submitInParts, type ItemRange } from './submit-in-parts';
import { turnsOfProcess, type Turns } from './turns';
import type { JournalLimits, WriterDependencies, WriterOptions } from './writer-dependencies';
import { WaitingCommands } from './waiting-commands';
import { WriterHolding } from './writer-holding';
import { sizeOf } from './writer-memory';
import { WriterPosition } from './writer-position';
import { WriterState } from './writer-state';

type WriterPhase = 'loading' | 'running' | 'recovering' | 'stopped';

/**
 * The only door for writes of one stream: decides commands against confirmed plus speculative state and appends their events in
 * batches, at most one append in flight (group commit). Nothing is answered before it is stored, nor is a refusal or a dry run that
 * rests on what is not stored yet.
 *
 * A command travels: submit → queue → prepare (load what is cold) → decide (into the open batch, over speculative state) → append → confirm.
 */
export class JournalWriter<C, E extends DomainEvent, R extends DomainRecord> {
  private readonly limits: JournalLimits;
  private readonly state: WriterState<R>;
  private readonly position: WriterPosition;
  private readonly batches: BatchQueue<C, R>;
  private readonly room: AppendRoom;
  private readonly due: DueRecords<C, E, R>;
  private readonly flusher: CheckpointFlusher<C, E, R>;
  private readonly records: RecordLoader<C, E, R>;
  private readonly loader: StateLoader<C, E, R>;
  private readonly decider: CommandDecider<C, E, R>;
  private readonly waiting: WaitingCommands<C, E, R>;
  /**
   * A part of every event id, so that the store never takes another writer's append for a repetition of ours: two writers that decide
   * one idempotency key at the same revision would both be told "stored", with two contents and two answers.
   */
  private readonly incarnation: string;

  private phase: WriterPhase = 'loading';
  private stopReason: Error | undefined;
  private readonly queue: CommandQueue<C>;
  private readonly intake: CommandIntake<C, E, R>;
  private readonly deadlines: CommandDeadlines<C, E, R>;
  private readonly turns: Turns;
  private readonly effects: Effects<C> | undefined;
  /** Commands of which some parts may be still to come. */
  private inParts = 0;
  private conflicts = 0;
  private flushTimer: NodeJS.Timeout | undefined;
  private idleWaiters: (() => void)[] = [];
  private loading: Promise<void> | undefined;
  private unwatch = (): void => undefined;

  constructor(
    readonly stream: string,
    private readonly deps: WriterDependencies<C, E, R>,
    options: WriterOptions,
  ) {
    const limits = { ...journalLimits, ...options.limits };
    this.limits = limits;
    this.incarnation = deps.newCommandId();
    const state = new WriterState<R>(options.cacheRecords, limits.cacheKeys);
    const position = new WriterPosition(deps.clock, limits.clockAheadMsMax, deps.clocks);
    const room = new AppendRoom(deps.eventStore, limits);
    const batches = new BatchQueue<C, R>(limits, room);
    const due = new DueRecords(stream, deps, state, position, limits, this.incarnation);
    const flusher = new CheckpointFlusher(stream, deps, state, position);
    const confirmed = (): number => position.confirmed.revision;
    const records = new RecordLoader(stream, deps, state, confirmed, () => flusher.revision);
    this.state = state;
    this.position = position;
    this.batches = batches;
    this.room = room;
    this.due = due;
    this.flusher = flusher;
    this.records = records;
    this.loader = new StateLoader(stream, deps, { state, position, due, flusher, records }, limits);
    const broken = (error: Error): void => this.stop(error);
    const queue = new CommandQueue<C>(limits, deps.memory);
    const again = (group: readonly Pending<C>[]): void => {
      queue.putBack(group);
      this.stepSoon();
    };
    this.waiting = new WaitingCommands(stream, deps, { state, position, again, broken }, limits);
    const deciding = { state, position, batches, room, waiting: this.waiting, broken };
    const decider = new CommandDecider(stream, deps, deciding, limits);
    const turns = deps.turns ?? turnsOfProcess;
    [this.decider, this.queue, this.turns] = [decider, queue, turns];
    this.intake = new CommandIntake(
      { queue, due, position, state, records, decider, turns },
      {
        hasRoom: () => this.hasRoom(),
        whenLoaded: () =>
          this.phase === 'running' ? 'decide' : this.phase === 'recovering' ? 'wait' : 'refuse',
        loadingFailed: (group, error) => this.loadingFailed(group, error),
        refuse: (group) => this.refuse(group),
        goOn: () => this.step(),
      },
    );
    const holding = { state, due, batches, queue };
    deps.memory?.add(new WriterHolding(holding, this, () => this.flushInBackground(1)));
    const parts = { queue, intake: this.intake, batches, state, position, waiting: this.waiting };
    this.effects =
      deps.effects && new Effects(deps.effects, (outcome) => this.submit(outcome), deps.observer, limits);
    this.deadlines = new CommandDeadlines(stream, parts, () => this.isIdle);
  }

  /** The last revision that is stored, as far as this writer knows; -1 for an empty stream. */
  get revision(): number {
    return this.position.confirmed.revision;
  }

  get isStopped(): boolean {
    return this.phase === 'stopped';
  }

  /** Nothing queued, nothing in flight. */
  get isIdle(): boolean {
    const isAtWork = this.waiting.count > 0 || this.inParts > 0 || !this.intake.isIdle;
    return !isAtWork && this.batches.isEmpty && !this.batches.isAppending;
  }

  /** Reads the checkpoint and the tail of the journal. @throws StoreUnavailable, BrokenInvariant */
  load(): Promise<void> {
    this.loading ??= this.loadOnce().catch((error: unknown) => {
      this.stop(error as Error);
      throw error;
    });
    return this.loading;
  }

  /** @throws WriterUnavailable nothing was written · CommandOutcomeUnknown it may have been */
  submit(asked: CommandEnvelope<C>): Promise<CommandOutcome> {
    const envelope = this.deps.requestHashes?.of(asked) ?? asked;
    if (envelope.due) {
      const { due, position, effects, stream } = this;
      const { ownership } = this.deps;
      return runDue({ due, position, effects, writer: this, stream, ownership }, envelope.due);
    }
    const { items } = this.deps.domain;
    const count = envelope.dryRun === true ? undefined : items?.count(envelope.command);
    if (items === undefined || count === undefined) return this.enqueue(envelope);
    this.inParts += 1;
    const enqueue = (part: CommandEnvelope<C>, range: ItemRange) => this.enqueue(part, range);
    return submitInParts(items, envelope, count, enqueue).finally(() => {
      this.inParts -= 1;
      if (this.isIdle) this.wakeIdle();
    });
  }

  private enqueue(envelope: CommandEnvelope<C>, items?: ItemRange): Promise<CommandOutcome> {
    if (this.phase === 'stopped') return Promise.reject(this.unavailable());
    const cost = this.deps.domain.costOf?.(envelope.command) ?? 1;
    const bytes = this.deps.memory === undefined ? 0 : sizeOf(envelope.command);
    const { callWaitersMax, dirtyMax } = this.limits;
    // What came of a call lets those go on that wait for it.
    const isCrowded = this.waiting.count >= callWaitersMax && envelope.isOutcome !== true;
    if (isCrowded || this.state.dirtyCount > dirtyMax || !this.queue.hasRoom(envelope.actor, cost, bytes))
      return Promise.reject(new WriterUnavailable(`the writer of ${this.stream} has too much to do`));
    return new Promise((resolve, reject) => {
      const { idempotencyKey } = envelope;
      const commandKey =
        idempotencyKey === undefined ? this.deps.newCommandId() : `${this.incarnation}\n${idempotencyKey}`;
      const order = 0;
      this.queue.put({ envelope, commandKey, resolve, reject, cost, bytes, order, ...(items && { items }) });
      this.deadlines.watch(envelope.deadline);
      this.stepSoon();
    });
  }

  /** Lets what is under way finish, writes a checkpoint and stops. Returns whether the checkpoint has everything. */
  async close(): Promise<boolean> {
    this.waiting.end();
    if (this.phase === 'running' && !this.isIdle)
      await new Promise<void>((idle) => this.idleWaiters.push(idle));
    const wasRunning = this.phase === 'running';
    this.stop(new WriterUnavailable(`the writer of ${this.stream} is closing`));
    if (!wasRunning) return false;
    await this.checkpoint().catch(() => undefined);
    return this.state.dirtyCount === 0;
  }

  /** Ends at once: whoever waits is told to try again elsewhere. */
  stop(reason: Error): void {
    if (this.phase !== 'stopped') this.end(reason);
  }

  /** The store is known to be unavailable: who has not been sent to it is told so now. */
  private storeLost(lost = this.deps.availability?.lost): void {
    if (!this.isIdle && lost !== undefined) this.leave(storeLost(lost));
  }

  /** As `stop`, but what is in flight is seen through; the state goes with it, since nobody knows whether it will be stored. */
  leave(reason: Error): void {
    if (this.phase === 'stopped') return;
    this.deadlines.left = this.batches.isAppending ? this.batches.first : undefined;
    this.end(reason);
  }

  private end(reason: Error): void {
    this.phase = 'stopped';
    this.stopReason = reason;
    this.due.disarm();
    this.effects?.stop();
    this.waiting.end();
    clearInterval(this.flushTimer);
    this.unwatch();
    const { inFlight, decided } = this.batches.clear();
    if (!this.deadlines.left) for (const pending of inFlight) pending.reject(outcomeUnknown(reason));
    this.refuse([...decided, ...this.intake.drop(), ...this.queue.clear()]);
    this.deps.observer.stopped(this.stream, reason);
    this.wakeIdle();
  }

  /** Writes a checkpoint now. @throws StoreUnavailable */
  async checkpoint(): Promise<void> {
    await this.flusher.settled();
    if (this.state.dirtyCount > 0) await this.flusher.flush(() => this.position.confirmed);
  }

  private async loadOnce(): Promise<void> {
    const startedAt = performance.now();
    const replayed = await this.loader.load();
    if (this.phase === 'stopped') return;
    this.phase = 'running';
    this.unwatch = this.deps.availability?.onLost(() => this.storeLost()) ?? this.unwatch;
    this.deps.observer.loaded(this.stream, this.revision, replayed, performance.now() - startedAt);
    this.flushTimer = setInterval(() => {
      this.flushInBackground(this.flusher.dirtyMinAtTick(this.revision, this.limits));
      // In case that something waits for a checkpoint which has come to a stop.
      this.step();
    }, this.limits.checkpointIntervalMs);
    this.flushTimer.unref();
    this.step();
  }

  // The loop

  /** Once all that has arrived in this turn of the event loop is queued: it is decided in one go. */
  private stepSoon(): void {
    this.turns.ask(this.stepInTurn);
  }

  private readonly stepInTurn = (): void => this.step();

  step(): void {
    if (this.phase !== 'running') return;
    try {
      if (this.intake.work(this.turns.slice())) this.stepSoon();
    } catch (error) {
      this.stop(error as Error);
      return;
    }
    const batch = this.batches.launch();
    if (batch) void this.append(batch).catch((error: unknown) => this.broken(batch, error as Error));
    this.due.arm((isBeyondHorizon) => (isBeyondHorizon ? void this.reloadDue() : this.step()));
    if (this.isIdle) this.wakeIdle();
  }

  private wakeIdle(): void {
    for (const wake of this.idleWaiters.splice(0)) wake();
  }

  private hasRoom(): boolean {
    if (this.state.isFlushing && this.flusher.isOvertaken(this.limits)) return false;
    return this.batches.hasRoom && !this.deadlines.isHeldUp;
  }

  private async loadingFailed(group: readonly Pending<C>[], error: Error): Promise<void> {
    if (this.phase === 'stopped') return this.refuse(group);
    if (error instanceof CheckpointAhead) {
      this.queue.putBack(group);
      // An append in flight will meet the conflict on its own.
      if (!this.batches.isAppending) await this.recover();
      return;
    }
    for (const pending of group) pending.reject(new WriterUnavailable(error.message, 1, { cause: error }));
    if (error instanceof StoreUnavailable) return;
    if (error instanceof CheckpointCorrupt)
      await this.loader.distrustCheckpoint(error).catch(() => undefined);
    this.stop(error);
  }

  private refuse(group: readonly Pending<C>[]): void {
    for (const pending of group) pending.reject(this.unavailable());
  }

  private async append(batch: Batch<C, R>): Promise<void> {
    const startedAt = performance.now();
    try {
      await appendWithPatience(this.deps.eventStore, this.stream, batch.before.revision, batch.events, {
        patienceMs: this.limits.appendPatienceMs,
        retryMs: this.limits.appendRetryMs,
        onUnknown: (error) => this.deps.observer.outcomeUnknown(this.stream, error),
        lost: () => this.deps.availability?.lost,
      });
    } catch (error) {
      await this.appendFailed(batch, error as Error);
      return;
    }
    if (this.deadlines.isLeft(batch)) return answerBatch(this.stream, batch, this.waiting);
    this.batches.landed();
    if (this.phase !== 'running') return;
    this.conflicts = 0;
    const { events, waiting } = batch;
    const elapsed = performance.now() - startedAt;
    if (events.length > 0) this.deps.observer.appended(this.stream, events.length, waiting.length, elapsed);
    this.confirm(batch);
    this.step();
  }

  private confirm(batch: Batch<C, R>): void {
    this.batches.shift(batch);
    this.position.stored(batch.before, batch.after);
    this.state.confirm(batch.changes);
    this.due.note(batch.changes);
    this.decider.stored(batch);
    answerBatch(this.stream, batch, this.waiting);
    if (batch.effects) this.effects?.start(batch.effects);
    this.flushInBackground(this.limits.checkpointDirtyMax);
  }

  private broken(batch: Batch<C, R>, error: Error): void {
    rejectWaiting(batch, outcomeUnknown(error));
    this.stop(error);
  }

  private async appendFailed(batch: Batch<C, R>, error: Error): Promise<void> {
    if (this.deadlines.isLeft(batch))
      return rejectWaiting(batch, wroteNothing(error) ? this.unavailable() : outcomeUnknown(error));
    if (this.phase === 'stopped') return;
    if (error instanceof WrongExpectedRevision) {
      this.batches.landed();
      this.conflicts += 1;
      this.deps.observer.conflict(this.stream, this.conflicts);
      if (this.conflicts > this.limits.conflictsMax) {
        this.stop(new WriterUnavailable(`another writer is at work on ${this.stream}`, 1, { cause: error }));
      } else await this.recover();
      return;
    }
    if (error instanceof AppendTooLarge) {
      this.batches.landed();
      this.room.refused(batch);
      return this.recover();
    }
    // While the outcome is unknown, or it is stored elsewhere, the callers of this batch must not be told that nothing was written.
    if (wroteNothing(error)) this.batches.landed();
    this.stop(error);
  }

  /**
   * Undoes what was decided and not stored, reads what others stored, and decides again.
   * @param isStateGone what is not in memory is lost: begin again from the checkpoint, or from nothing
   */
  private async recover(isStateGone = false): Promise<void> {
    if (this.phase !== 'running') return;
    this.phase = 'recovering';
    this.state.undoSpeculation();
    this.intake.undone(this.batches.clear().decided);
    this.position.tip = this.position.confirmed;
    try {
      if (isStateGone) await this.loader.load();
      else await this.loader.catchUp();
    } catch (error) {
      this.stop(error as Error);
      return;
    }
    if ((this.phase as WriterPhase) === 'stopped') return;
    this.phase = 'running';
    this.waiting.again();
    this.step();
  }

  private unavailable(): WriterUnavailable {
    return asUnavailable(this.stopReason ?? new Error(`the writer of ${this.stream} has stopped`));
  }

  // In the background

  private async reloadDue(): Promise<void> {
    if (this.phase !== 'running') return;
    try {
      await this.checkpoint();
      await this.due.reload();
    } catch (error) {
      this.deps.observer.checkpointFailed(this.stream, error as Error);
    }
    this.step();
  }

  private flushInBackground(dirtyMin: number): void {
    if (this.phase !== 'running' || this.state.dirtyCount < dirtyMin || this.flusher.isRunning) return;
    this.flusher
      .flush(() => this.position.confirmed)
      .then(
        (outcome) => {
          if (outcome !== 'saved' && this.phase === 'running' && !this.batches.isAppending) {
            void this.recover(outcome === 'gone');
          }
        },
        (error: Error) => this.deps.observer.checkpointFailed(this.stream, error),
      )
      // What waited for the checkpoint goes on.
      .finally(() => this.stepSoon());
  }
}
