import { genesisHash } from '@fintech-ledger/event-contracts';
import {
  OutcomeUnknown,
  StoreUnavailable,
  WrongExpectedRevision,
  revision as asRevision,
} from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import { BrokenInvariant, refuse } from '@fintech-ledger/ledger';
import type { Refusal } from '@fintech-ledger/ledger';
import { appendWithPatience } from './append-with-patience';
import { emptyBatch } from './batch';
import type { Batch, Pending, Waiting } from './batch';
import { CheckpointFlusher } from './checkpoint-flusher';
import { CheckpointCorrupt } from './checkpoint-store';
import type { CheckpointStore, KeyRecord } from './checkpoint-store';
import type { Clock } from './clock';
import type { Decided, DomainEvent, DomainRecord, JournalDomain, RecordChange } from './domain';
import { DueQueue } from './due-queue';
import { sealEvents } from './event-sealer';
import type { ChainTip, SealedEvents } from './event-sealer';
import { CommandOutcomeUnknown, WriterUnavailable } from './gateway';
import type { CommandEnvelope, CommandOutcome } from './gateway';
import { readJournal } from './journal-reader';
import type { JournalEvent } from './journal-reader';
import { journalLimits } from './limits';
import type { WriterObserver } from './observer';
import { CheckpointAhead, CheckpointGone, RecordLoader } from './record-loader';
import { timeSortableId } from './time-sortable-id';
import { WriterState } from './writer-state';

export interface WriterOptions {
  /** Records kept in memory beyond the dirty ones. */
  readonly cacheRecords: number;
  readonly limits?: Partial<{ -readonly [K in keyof typeof journalLimits]: number }>;
}

export interface WriterDependencies<C, E extends DomainEvent, R extends DomainRecord> {
  readonly domain: JournalDomain<C, E, R>;
  readonly eventStore: EventStore;
  readonly checkpoints: CheckpointStore;
  readonly clock: Clock;
  readonly observer: WriterObserver;
  /** A fresh id: for each writer, and for each command that came without an idempotency key. */
  readonly newCommandId: () => string;
}

type WriterPhase = 'loading' | 'running' | 'recovering' | 'stopped';

interface SpeculativeKey<C, R extends DomainRecord> {
  readonly requestHash: string;
  readonly batch: Batch<C, R>;
  readonly waiting: Waiting<C>;
}

/**
 * The only door for writes of one stream: decides commands against confirmed plus speculative state and appends their events in
 * batches, at most one append in flight (group commit). Nothing is answered before it is stored, nor is a refusal or a dry run that
 * rests on what is not stored yet.
 *
 * A command travels: submit → queue → prepare (load what is cold) → decide (into the open batch, over speculative state) → append → confirm.
 */
export class JournalWriter<C, E extends DomainEvent, R extends DomainRecord> {
  private readonly state: WriterState<R>;
  private readonly due = new DueQueue();
  private readonly loader: RecordLoader<C, E, R>;
  private readonly flusher: CheckpointFlusher<C, E, R>;
  private readonly limits: { readonly [K in keyof typeof journalLimits]: number };
  /**
   * A part of every event id, so that the store never takes another writer's append for a repetition of ours: two writers that decide
   * one idempotency key at the same revision would both be told "stored", with two contents and two answers.
   */
  private readonly incarnation: string;

  private phase: WriterPhase = 'loading';
  private stopReason: Error | undefined;
  private confirmed: ChainTip = { revision: -1, chainHash: genesisHash };
  /** Where the chain stands with everything that is decided. */
  private tip: ChainTip = this.confirmed;
  private lastRecordedAt = '';
  /** Whose stream this is, from its events or from the command that begins it. */
  private organizationId = '';
  private queue: Pending<C>[] = [];
  /** The first one is in flight while `isAppending`. */
  private batches: Batch<C, R>[] = [];
  private readonly speculativeKeys = new Map<string, SpeculativeKey<C, R>>();
  private isStepScheduled = false;
  private isPreparing = false;
  private isAppending = false;
  private conflicts = 0;
  private dueTimer: NodeJS.Timeout | undefined;
  private flushTimer: NodeJS.Timeout | undefined;
  private idleWaiters: (() => void)[] = [];
  private loading: Promise<void> | undefined;

  constructor(
    readonly stream: string,
    private readonly deps: WriterDependencies<C, E, R>,
    options: WriterOptions,
  ) {
    this.limits = { ...journalLimits, ...options.limits };
    this.incarnation = deps.newCommandId();
    this.state = new WriterState(options.cacheRecords, this.limits.cacheKeys);
    this.flusher = new CheckpointFlusher(stream, deps.checkpoints, deps.domain, this.state, deps.observer);
    this.loader = new RecordLoader(
      stream,
      deps,
      this.state,
      () => this.confirmed.revision,
      () => this.flusher.revision,
    );
  }

  /** The last revision that is stored, as far as this writer knows; -1 for an empty stream. */
  get revision(): number {
    return this.confirmed.revision;
  }

  get isStopped(): boolean {
    return this.phase === 'stopped';
  }

  /** Nothing queued, nothing in flight. */
  get isIdle(): boolean {
    return this.queue.length === 0 && this.batches.length === 0 && !this.isPreparing && !this.isAppending;
  }

  get cachedRecords(): number {
    return this.state.cachedCount;
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
  submit(envelope: CommandEnvelope<C>): Promise<CommandOutcome> {
    if (this.phase === 'stopped') return Promise.reject(this.unavailable());
    if (this.queue.length >= this.limits.queueCommandsMax || this.state.dirtyCount > this.limits.dirtyMax) {
      return Promise.reject(new WriterUnavailable(`the writer of ${this.stream} has too much to do`));
    }
    return new Promise((resolve, reject) => {
      const { idempotencyKey } = envelope;
      const commandKey =
        idempotencyKey === undefined ? this.deps.newCommandId() : `${this.incarnation}\n${idempotencyKey}`;
      this.queue.push({ envelope, commandKey, resolve, reject });
      this.stepSoon();
    });
  }

  /** Lets what is under way finish, writes a checkpoint and stops. */
  async close(): Promise<void> {
    if (this.phase === 'running' && !this.isIdle)
      await new Promise<void>((idle) => this.idleWaiters.push(idle));
    const wasRunning = this.phase === 'running';
    this.stop(new WriterUnavailable(`the writer of ${this.stream} is closing`));
    if (wasRunning) await this.checkpoint().catch(() => undefined);
  }

  /** Ends at once: whoever waits is told to try again elsewhere. */
  stop(reason: Error): void {
    if (this.phase === 'stopped') return;
    this.phase = 'stopped';
    this.stopReason = reason;
    clearTimeout(this.dueTimer);
    clearInterval(this.flushTimer);
    const inFlight = this.isAppending ? (this.batches[0]?.waiting ?? []) : [];
    for (const { pending } of inFlight) {
      pending.reject(
        new CommandOutcomeUnknown(`whether it was stored is unknown: ${reason.message}`, { cause: reason }),
      );
    }
    const others = [
      ...this.batches.slice(this.isAppending ? 1 : 0).flatMap(({ waiting }) => waiting.map((w) => w.pending)),
      ...this.queue,
    ];
    for (const pending of others) pending.reject(this.unavailable());
    this.batches = [];
    this.queue = [];
    this.deps.observer.stopped(this.stream, reason);
    this.wakeIdle();
  }

  /** Writes a checkpoint now. @throws StoreUnavailable */
  async checkpoint(): Promise<void> {
    await this.flusher.settled();
    if (this.state.dirtyCount > 0) await this.flusher.flush(() => this.confirmed);
  }

  // Loading

  private async loadOnce(): Promise<void> {
    const startedAt = performance.now();
    const replayed = await this.loadFromCheckpoint();
    if (this.phase === 'stopped') return;
    this.phase = 'running';
    this.deps.observer.loaded(this.stream, this.confirmed.revision, replayed, performance.now() - startedAt);
    this.flushTimer = setInterval(() => {
      this.flushInBackground(1);
      // In case that something waits for a checkpoint which has come to a stop.
      this.step();
    }, this.limits.checkpointIntervalMs);
    this.flushTimer.unref();
    this.step();
  }

  /** Starts from the checkpoint, or from nothing, and reads the tail; returns how many events that was. */
  private async loadFromCheckpoint(): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      await this.flusher.settled();
      const head = await this.verifiedHead();
      // With the state goes, at one moment, the revision of its checkpoint: what is being loaded from the old one is loaded again.
      this.state.clear();
      this.confirmed = head ?? { revision: -1, chainHash: genesisHash };
      if (head) this.state.becomePartial();
      this.flusher.startFrom(head?.revision ?? null);
      try {
        await this.loadDue();
        return await this.catchUp();
      } catch (error) {
        if (!(await this.isOfAnotherCheckpoint(error))) throw error;
        if (attempt < this.limits.loadAttemptsMax) continue;
        throw new WriterUnavailable(`another writer is at work on ${this.stream}`, 1, { cause: error });
      }
    }
  }

  /**
   * Whether to begin again from the checkpoint that is there now: another writer wrote one meanwhile, whose pages are of a later state,
   * or dropped it, or it does not hold and is dropped here.
   */
  private async isOfAnotherCheckpoint(error: unknown): Promise<boolean> {
    if (error instanceof CheckpointCorrupt) {
      await this.dropCheckpoint(error);
      return true;
    }
    return error instanceof CheckpointAhead || error instanceof CheckpointGone;
  }

  /** The checkpoint's head when it holds against itself and against the journal; else it is dropped. */
  private async verifiedHead(): Promise<ChainTip | null> {
    try {
      const head = await this.deps.checkpoints.loadHead(this.stream);
      if (!head) return null;
      const [at] = await readJournal<E>(this.deps.eventStore, this.stream, head.revision, 1);
      if (at?.metadata.hash !== head.chainHash) {
        throw new CheckpointCorrupt(`its chain hash is not the one of ${this.stream}@${head.revision}`);
      }
      this.lastRecordedAt = at.metadata.recordedAt;
      this.organizationId = at.metadata.organizationId;
      return { revision: head.revision, chainHash: head.chainHash };
    } catch (error) {
      if (!(error instanceof CheckpointCorrupt)) throw error;
      await this.dropCheckpoint(error);
      return null;
    }
  }

  private async dropCheckpoint(error: CheckpointCorrupt): Promise<void> {
    this.deps.observer.checkpointDropped(this.stream, error.message);
    await this.deps.checkpoints.drop(this.stream);
  }

  /** Applies what the journal has beyond the confirmed revision; returns how many events that was. */
  private async catchUp(): Promise<number> {
    let applied = 0;
    for (;;) {
      const from = this.confirmed.revision + 1;
      const page = await readJournal<E>(this.deps.eventStore, this.stream, from, this.limits.catchUpEvents);
      // A page may be short although there is more: large events end it early.
      if (page.length === 0) break;
      this.state.startPinning();
      try {
        await this.loader.loadForReplay(page.flatMap(({ event }) => this.deps.domain.touches(event)));
        for (const event of page) this.apply(event);
      } finally {
        this.state.unpin();
      }
      applied += page.length;
      if (this.state.dirtyCount > this.limits.replayDirtyMax) await this.flushOrFail();
    }
    this.tip = this.confirmed;
    return applied;
  }

  private async flushOrFail(): Promise<void> {
    const outcome = await this.flusher.flush(() => this.confirmed);
    if (outcome === 'gone') throw new CheckpointGone(`the checkpoint of ${this.stream} was dropped`);
    if (outcome === 'saved') this.state.becomePartial();
  }

  private apply({ recorded, event, metadata }: JournalEvent<E>): void {
    const { revision } = recorded;
    const where = `${this.stream}@${revision}`;
    if (revision !== this.confirmed.revision + 1) {
      throw new BrokenInvariant(`${where} follows ${this.confirmed.revision}`);
    }
    if (metadata.previousHash !== this.confirmed.chainHash)
      throw new BrokenInvariant(`the hash chain breaks at ${where}`);
    const changes = this.evolve(event, revision, metadata.recordedAt);
    this.confirmChanges(changes);
    if (metadata.idempotencyKey !== undefined && metadata.commandIndex === 0) {
      this.state.confirmKey(metadata.idempotencyKey, {
        requestHash: metadata.requestHash ?? '',
        firstRevision: revision,
        lastRevision: revision + metadata.commandSize - 1,
      });
    }
    this.confirmed = { revision, chainHash: metadata.hash };
    this.lastRecordedAt = metadata.recordedAt;
    this.organizationId = metadata.organizationId;
  }

  private evolve(event: E, revision: number, recordedAt: string): readonly RecordChange<R>[] {
    try {
      return this.deps.domain.evolve(this.state, event, { stream: this.stream, revision, recordedAt });
    } catch (error) {
      if (error instanceof BrokenInvariant) error.message = `${this.stream}@${revision}: ${error.message}`;
      throw error;
    }
  }

  // The loop

  /** Once all that has arrived in this turn of the event loop is queued: it is decided in one go. */
  private stepSoon(): void {
    if (this.isStepScheduled) return;
    this.isStepScheduled = true;
    setImmediate(() => {
      this.isStepScheduled = false;
      this.step();
    });
  }

  private step(): void {
    if (this.phase !== 'running') return;
    try {
      while (!this.isPreparing && this.hasRoom() && (this.queue.length > 0 || this.isSomethingDue())) {
        if (!this.prepare()) break;
      }
    } catch (error) {
      this.stop(error as Error);
      return;
    }
    if (!this.isAppending && this.batches.length > 0) void this.appendFirst();
    this.armDueTimer();
    if (this.isIdle) this.wakeIdle();
  }

  private wakeIdle(): void {
    for (const wake of this.idleWaiters.splice(0)) wake();
  }

  /** Whether one more decision may be taken: the open batch is not full, or another one may be opened. */
  private hasRoom(): boolean {
    if (this.isAheadOfCheckpoint()) return false;
    if (this.batches.length - (this.isAppending ? 1 : 0) < this.limits.batchesAheadMax) return true;
    const open = this.batches.at(-1);
    return (
      open !== undefined &&
      open.events.length < this.limits.batchEventsMax &&
      open.bytes < this.limits.batchBytesMax
    );
  }

  /**
   * Whether the checkpoint that is being written must get on first. Without this, commands that touch ever new accounts make dirty
   * records faster than they are written, until memory is full: so they go on at half the pace of the checkpoint's rows.
   */
  private isAheadOfCheckpoint(): boolean {
    if (!this.flusher.isRunning) return false;
    const allowed = (this.limits.checkpointDirtyMax + this.flusher.progress) / 2;
    return this.state.dirtyCount > allowed && !this.flusher.isStalled(this.limits.checkpointStallMs);
  }

  /** Takes the queue and decides it; what is cold is loaded first, for all commands at once. False: it waits for that. */
  private prepare(): boolean {
    const now = this.now();
    const group = [...this.dueCommands(now), ...this.queue.splice(0, this.limits.groupCommandsMax)];
    if (group.length === 0) return false;
    this.state.startPinning();
    try {
      if (!this.loader.isMissing(group.map(({ envelope }) => envelope))) {
        this.decideGroup(group, now);
        return true;
      }
    } finally {
      this.state.unpin();
    }
    this.isPreparing = true;
    void this.loadThenDecide(group, now);
    return false;
  }

  private async loadThenDecide(group: readonly Pending<C>[], now: string): Promise<void> {
    this.state.startPinning();
    try {
      await this.loader.loadForCommands(group.map(({ envelope }) => envelope));
      this.isPreparing = false;
      if (this.phase === 'running')
        this.decideGroup(group, now < this.lastRecordedAt ? this.lastRecordedAt : now);
      else if (this.phase === 'recovering') this.queue.unshift(...group);
      else for (const pending of group) pending.reject(this.unavailable());
    } catch (error) {
      this.isPreparing = false;
      await this.loadingFailed(group, error as Error);
    } finally {
      this.state.unpin();
    }
    this.step();
  }

  private async loadingFailed(group: readonly Pending<C>[], error: Error): Promise<void> {
    if (this.phase === 'stopped') {
      for (const pending of group) pending.reject(this.unavailable());
    } else if (error instanceof CheckpointAhead) {
      this.queue.unshift(...group);
      // An append in flight will meet the conflict by itself.
      if (!this.isAppending) await this.recover();
    } else if (error instanceof StoreUnavailable) {
      for (const pending of group) pending.reject(new WriterUnavailable(error.message, 1, { cause: error }));
    } else {
      for (const pending of group) pending.reject(new WriterUnavailable(error.message, 1, { cause: error }));
      if (error instanceof CheckpointCorrupt) await this.dropCheckpoint(error).catch(() => undefined);
      this.stop(error);
    }
  }

  private decideGroup(group: readonly Pending<C>[], now: string): void {
    for (let i = 0; i < group.length; i += 1) {
      if (!this.hasRoom()) {
        this.queue.unshift(...group.slice(i));
        return;
      }
      const pending = group[i] as Pending<C>;
      try {
        this.decideOne(pending, now);
      } catch (error) {
        // The group's later commands go back first, so that stop() answers them.
        this.queue.unshift(...group.slice(i + 1));
        pending.reject(new WriterUnavailable((error as Error).message, 1, { cause: error }));
        throw error;
      }
    }
  }

  private decideOne(pending: Pending<C>, now: string): void {
    const { envelope } = pending;
    if (this.isKnownKey(pending)) return;
    const decision = this.deps.domain.decide(this.state, envelope.command, {
      now,
      organizationId: envelope.organizationId,
      newId: (prefix, index) =>
        timeSortableId(prefix, Date.parse(now), this.tip.revision + 1 + index, this.stream),
    });
    if (decision.kind === 'refused') return this.refuse(pending, decision.refusal);
    if (envelope.dryRun === true || decision.events.length === 0)
      return this.answerWithoutEvents(pending, decision);
    const refusedItems = decision.refusedItems ?? [];
    const sealed = sealEvents(
      envelope,
      pending.commandKey,
      decision.events,
      refusedItems,
      now,
      this.tip,
      this.deps.domain.effectiveAt,
    );
    const store = this.deps.eventStore.limits;
    if (sealed.bytes > store.appendBytesMax || sealed.events.length > store.appendEventsMax) {
      const detail = `it makes ${sealed.events.length} events of ${sealed.bytes} bytes; at most ${store.appendEventsMax} of ${store.appendBytesMax} can be stored at once`;
      return this.refuse(pending, refuse('bulk_too_large', detail));
    }
    this.take(pending, decision, sealed, now);
  }

  /** Puts a decision's events into the open batch, and its changes over the state. */
  private take(pending: Pending<C>, decision: Decided<E, R>, sealed: SealedEvents, now: string): void {
    const batch = this.openBatch(sealed);
    for (let i = 0; i < decision.events.length; i += 1) {
      const changes =
        decision.changes?.[i] ?? this.evolve(decision.events[i] as E, this.tip.revision + 1 + i, now);
      this.state.speculate(changes);
      for (const change of changes) batch.changes.push(change);
    }
    const firstRevision = this.tip.revision + 1;
    this.tip = sealed.tip;
    batch.after = sealed.tip;
    for (const event of sealed.events) batch.events.push(event);
    batch.bytes += sealed.bytes;
    this.lastRecordedAt = now;
    this.organizationId = pending.envelope.organizationId;
    const lastRevision = sealed.tip.revision;
    const { envelope } = pending;
    const outcome = (): CommandOutcome => ({
      kind: 'accepted',
      answer: this.deps.domain.answer({
        command: envelope.command,
        stream: this.stream,
        revision: lastRevision,
        events: decision.events,
        refusedItems: decision.refusedItems ?? [],
        dryRun: false,
      }),
      revision: asRevision(lastRevision),
      replayed: false,
    });
    const waiting: Waiting<C> = { pending, outcome };
    batch.waiting.push(waiting);
    if (envelope.idempotencyKey !== undefined) {
      const requestHash = envelope.requestHash ?? '';
      batch.keys.push([envelope.idempotencyKey, { requestHash, firstRevision, lastRevision }]);
      this.speculativeKeys.set(envelope.idempotencyKey, { requestHash, batch, waiting });
    }
  }

  private openBatch(sealed: SealedEvents): Batch<C, R> {
    const last = this.batches.at(-1);
    const isOpen = last !== undefined && !(this.isAppending && this.batches.length === 1);
    if (
      isOpen &&
      last.events.length + sealed.events.length <= this.limits.batchEventsMax &&
      last.bytes + sealed.bytes <= this.limits.batchBytesMax
    ) {
      return last;
    }
    const batch = emptyBatch<C, R>(this.tip);
    this.batches.push(batch);
    return batch;
  }

  /** Answers a command whose idempotency key was seen before. */
  private isKnownKey(pending: Pending<C>): boolean {
    const { idempotencyKey, requestHash = '' } = pending.envelope;
    if (idempotencyKey === undefined) return false;
    const speculative = this.speculativeKeys.get(idempotencyKey);
    if (speculative) {
      const outcome =
        speculative.requestHash === requestHash
          ? (): CommandOutcome => this.replayedOutcome(speculative.waiting.outcome())
          : (): CommandOutcome => ({ kind: 'refused', refusal: reusedKey(idempotencyKey) });
      speculative.batch.waiting.push({ pending, outcome });
      return true;
    }
    const known = this.state.keyRecord(idempotencyKey);
    if (!known) return false;
    if (known.requestHash !== requestHash) this.refuse(pending, reusedKey(idempotencyKey));
    else void this.replay(pending, known);
    return true;
  }

  private replayedOutcome(first: CommandOutcome): CommandOutcome {
    this.deps.observer.replayed(this.stream);
    return first.kind === 'accepted' ? { ...first, replayed: true } : first;
  }

  /** Makes the first answer again from the command's events. */
  private async replay(pending: Pending<C>, { firstRevision, lastRevision }: KeyRecord): Promise<void> {
    const { envelope } = pending;
    try {
      const events: JournalEvent<E>[] = [];
      while (events.length < lastRevision - firstRevision + 1) {
        const limit = Math.min(lastRevision - firstRevision + 1 - events.length, this.limits.catchUpEvents);
        const page = await readJournal<E>(
          this.deps.eventStore,
          this.stream,
          firstRevision + events.length,
          limit,
        );
        if (page.length === 0) throw new BrokenInvariant(`${this.stream} ends before ${lastRevision}`);
        events.push(...page);
      }
      const metadata = events[0]?.metadata;
      if (metadata?.idempotencyKey !== envelope.idempotencyKey) {
        throw new BrokenInvariant(
          `${this.stream}@${firstRevision} is not of the idempotency key that leads to it`,
        );
      }
      const answer = this.deps.domain.answer({
        command: envelope.command,
        stream: this.stream,
        revision: lastRevision,
        events: events.map(({ event }) => event),
        refusedItems: (metadata?.refusedItems ?? []) as { index: number; refusal: Refusal }[],
        dryRun: false,
      });
      this.deps.observer.replayed(this.stream);
      pending.resolve({ kind: 'accepted', answer, revision: asRevision(lastRevision), replayed: true });
    } catch (error) {
      pending.reject(new WriterUnavailable((error as Error).message, 1, { cause: error }));
      if (error instanceof BrokenInvariant) this.stop(error);
    }
  }

  private refuse(pending: Pending<C>, refusal: Refusal): void {
    this.deps.observer.refused(this.stream, refusal.code);
    this.afterSpeculation({ pending, outcome: () => ({ kind: 'refused', refusal }) });
  }

  private answerWithoutEvents(pending: Pending<C>, decision: Decided<E>): void {
    const { revision } = this.tip;
    const isDryRun = pending.envelope.dryRun === true;
    const answer = this.deps.domain.answer({
      command: pending.envelope.command,
      stream: this.stream,
      revision,
      events: decision.events,
      refusedItems: decision.refusedItems ?? [],
      dryRun: isDryRun,
    });
    const outcome = (): CommandOutcome => ({
      kind: 'accepted',
      answer,
      revision: asRevision(revision),
      replayed: false,
    });
    this.afterSpeculation({ pending, outcome });
  }

  /** What rests on decided but unstored events is answered when those are stored, and decided again when they are not. */
  private afterSpeculation(waiting: Waiting<C>): void {
    const last = this.batches.at(-1);
    if (last) last.waiting.push(waiting);
    else waiting.pending.resolve(waiting.outcome());
  }

  // Appending

  private async appendFirst(): Promise<void> {
    const batch = this.batches[0] as Batch<C, R>;
    this.isAppending = true;
    const startedAt = performance.now();
    try {
      await appendWithPatience(this.deps.eventStore, this.stream, batch.before.revision, batch.events, {
        patienceMs: this.limits.appendPatienceMs,
        retryMs: this.limits.appendRetryMs,
        onUnknown: (error) => this.deps.observer.outcomeUnknown(this.stream, error),
      });
    } catch (error) {
      await this.appendFailed(error as Error);
      return;
    }
    this.isAppending = false;
    if (this.phase !== 'running') return;
    this.conflicts = 0;
    this.deps.observer.appended(
      this.stream,
      batch.events.length,
      batch.waiting.length,
      performance.now() - startedAt,
    );
    this.confirm(batch);
    this.step();
  }

  private confirm(batch: Batch<C, R>): void {
    this.batches.shift();
    this.confirmed = batch.after;
    this.confirmChanges(batch.changes);
    for (const [key, record] of batch.keys) {
      this.state.confirmKey(key, record);
      this.speculativeKeys.delete(key);
    }
    for (const { pending, outcome } of batch.waiting) {
      try {
        pending.resolve(outcome());
      } catch (error) {
        pending.reject(error as Error);
      }
    }
    this.flushInBackground(this.limits.checkpointDirtyMax);
  }

  private confirmChanges(changes: readonly RecordChange<R>[]): void {
    this.state.confirm(changes);
    for (const { key, record } of changes) {
      const dueAt = this.deps.domain.dueAt(record);
      if (dueAt !== undefined) this.due.push(key, dueAt);
    }
  }

  private async appendFailed(error: Error): Promise<void> {
    if (this.phase === 'stopped') return;
    if (error instanceof WrongExpectedRevision) {
      this.isAppending = false;
      this.conflicts += 1;
      this.deps.observer.conflict(this.stream, this.conflicts);
      if (this.conflicts > this.limits.conflictsMax) {
        this.stop(new WriterUnavailable(`another writer is at work on ${this.stream}`, 1, { cause: error }));
      } else await this.recover();
      return;
    }
    // While the outcome is unknown, the callers of this batch must not be told that nothing was written.
    if (!(error instanceof OutcomeUnknown)) this.isAppending = false;
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
    this.speculativeKeys.clear();
    this.queue.unshift(...this.batches.flatMap(({ waiting }) => waiting.map(({ pending }) => pending)));
    this.batches = [];
    this.tip = this.confirmed;
    try {
      if (isStateGone) await this.loadFromCheckpoint();
      else {
        await this.catchUp().catch(async (error: unknown) => {
          if (await this.isOfAnotherCheckpoint(error)) return this.loadFromCheckpoint();
          throw error;
        });
      }
    } catch (error) {
      this.stop(error as Error);
      return;
    }
    if ((this.phase as WriterPhase) === 'stopped') return;
    this.phase = 'running';
    this.step();
  }

  private unavailable(): WriterUnavailable {
    const reason = this.stopReason;
    if (reason instanceof WriterUnavailable) return reason;
    return new WriterUnavailable(reason?.message ?? `the writer of ${this.stream} has stopped`, 1, {
      cause: reason,
    });
  }

  // Time

  /** Never goes back within the stream. */
  private now(): string {
    const now = new Date(this.deps.clock.nowMs()).toISOString();
    return now < this.lastRecordedAt ? this.lastRecordedAt : now;
  }

  private isSomethingDue(): boolean {
    const nextAt = this.due.nextAt;
    return nextAt !== undefined && nextAt <= this.now();
  }

  /** The writer's own command for records whose time has come, ahead of all others. */
  private dueCommands(now: string): Pending<C>[] {
    const keys = this.due.takeDue(now, this.limits.dueCommandRecordsMax);
    if (keys.length === 0 || !this.deps.domain.dueCommand) return [];
    const envelope: CommandEnvelope<C> = {
      stream: this.stream,
      organizationId: this.organizationId,
      actor: 'system',
      command: this.deps.domain.dueCommand(keys),
      correlationId: `due:${now}`,
    };
    const again = (): void => {
      for (const key of keys) this.due.push(key, now);
    };
    return [{ envelope, commandKey: this.deps.newCommandId(), resolve: () => undefined, reject: again }];
  }

  private armDueTimer(): void {
    clearTimeout(this.dueTimer);
    const wakeAt = this.due.nextAt ?? this.due.horizon;
    if (wakeAt === undefined) return;
    const delay = Math.min(Math.max(Date.parse(wakeAt) - this.deps.clock.nowMs(), 1), 2 ** 31 - 1);
    this.dueTimer = setTimeout(() => {
      if (this.due.nextAt === undefined && this.due.horizon !== undefined) void this.reloadDue();
      else this.step();
    }, delay);
    this.dueTimer.unref();
  }

  private async loadDue(): Promise<void> {
    const rows = await this.deps.checkpoints.loadDue(this.stream, this.limits.dueRecordsMax);
    this.due.clear();
    if (rows.length === this.limits.dueRecordsMax) this.due.horizon = rows.at(-1)?.dueAt;
    for (const { key, dueAt } of rows) this.due.push(key, dueAt);
  }

  /** Beyond the horizon records are only in the checkpoint: write it, then read the next ones. */
  private async reloadDue(): Promise<void> {
    if (this.phase !== 'running') return;
    try {
      await this.checkpoint();
      await this.loadDue();
      for (const [key, dueAt] of this.dirtyDue()) this.due.push(key, dueAt);
    } catch (error) {
      this.deps.observer.checkpointFailed(this.stream, error as Error);
    }
    this.step();
  }

  private *dirtyDue(): Iterable<readonly [string, string]> {
    for (const [key, record] of this.state.dirtyRecords()) {
      const dueAt = this.deps.domain.dueAt(record);
      if (dueAt !== undefined) yield [key, dueAt];
    }
  }

  private flushInBackground(dirtyMin: number): void {
    if (this.phase !== 'running' || this.flusher.isRunning || this.state.dirtyCount < dirtyMin) return;
    this.flusher
      .flush(() => this.confirmed)
      .then(
        (outcome) => {
          if (outcome !== 'saved' && this.phase === 'running' && !this.isAppending) {
            void this.recover(outcome === 'gone');
          }
        },
        (error: Error) => this.deps.observer.checkpointFailed(this.stream, error),
      )
      // What waited for the checkpoint goes on.
      .finally(() => this.stepSoon());
  }
}

function reusedKey(idempotencyKey: string): Refusal {
  return refuse(
    'idempotency_key_reused',
    `the idempotency key ${idempotencyKey} was used for another request`,
    undefined,
  );
}
