import { BrokenInvariant } from '@fintech-ledger/contract';
import type { CheckpointFlusher } from './checkpoint-flusher';
import { CheckpointCorrupt, CheckpointOutdated } from './checkpoint-store';
import { judgeHead, otherFold } from './checkpoint-verdict';
import type { DomainEvent, DomainRecord } from './domain';
import type { DueRecords } from './due-records';
import { WriterUnavailable } from './gateway';
import { readJournal } from './journal-reader';
import type { JournalEvent } from './journal-reader';
import { CheckpointAhead, CheckpointGone } from './record-loader';
import type { RecordLoader } from './record-loader';
import type { JournalLimits, WriterDependencies } from './writer-dependencies';
import { emptyStream } from './writer-position';
import type { ChainTip, WriterPosition } from './writer-position';
import { evolveEvent } from './writer-state';
import type { WriterState } from './writer-state';

interface LoaderParts<C, E extends DomainEvent, R extends DomainRecord> {
  readonly state: WriterState<R>;
  readonly position: WriterPosition;
  readonly due: DueRecords<C, E, R>;
  readonly flusher: CheckpointFlusher<C, E, R>;
  readonly records: RecordLoader<C, E, R>;
}

/** Brings a writer's state to the end of its stream: from the checkpoint, if there is one that holds, and the events after it. */
export class StateLoader<C, E extends DomainEvent, R extends DomainRecord> {
  constructor(
    private readonly stream: string,
    private readonly deps: WriterDependencies<C, E, R>,
    private readonly parts: LoaderParts<C, E, R>,
    private readonly limits: JournalLimits,
  ) {}

  /** Starts from the checkpoint, or from nothing, and reads the tail; returns how many events that was. @throws StoreUnavailable, BrokenInvariant */
  async load(): Promise<number> {
    const { state, position, flusher, due } = this.parts;
    for (let attempt = 1; ; attempt += 1) {
      await flusher.settled();
      const head = await this.verifiedHead();
      // With the state goes, at one moment, the revision of its checkpoint: what is being loaded from the old one is loaded again.
      state.clear();
      position.confirmed = head ?? emptyStream;
      if (head) state.becomePartial();
      flusher.startFrom(head?.revision ?? null);
      try {
        await due.load();
        const applied = await this.readTail();
        void this.replaceOthers(head === null);
        return applied;
      } catch (error) {
        if (!(await this.isOfAnotherCheckpoint(error))) throw error;
        if (attempt < this.limits.loadAttemptsMax) continue;
        throw new WriterUnavailable(`another writer is at work on ${this.stream}`, 1, { cause: error });
      }
    }
  }

  /** Reads what others stored; from the checkpoint on when that is not the one any more that the state rests on. */
  async catchUp(): Promise<void> {
    try {
      await this.readTail();
    } catch (error) {
      if (!(await this.isOfAnotherCheckpoint(error))) throw error;
      await this.load();
    }
  }

  /** Takes a checkpoint that does not hold out of use: the next load replays the journal into a new one beside it. */
  async distrustCheckpoint(error: CheckpointCorrupt): Promise<void> {
    if (error instanceof CheckpointOutdated)
      this.deps.observer.checkpointOutdated(this.stream, error.message);
    else this.deps.observer.checkpointDropped(this.stream, error.message);
    await this.deps.checkpoints.distrust(this.stream, error.checkpoint);
  }

  /**
   * The checkpoint's head when it holds against itself and against the journal; null when there is none that does.
   * @throws WriterUnavailable the journal ends before it: what was lost there is known to the checkpoint alone, so it is kept
   */
  private async verifiedHead(): Promise<ChainTip | null> {
    try {
      const head = await this.deps.checkpoints.loadHead(this.stream);
      if (!head) return null;
      const other = otherFold(this.deps.domain, head.folds ?? []);
      if (other !== undefined) {
        const reason = `${this.stream} is folded again: its checkpoint has records of another release (${other})`;
        throw new CheckpointOutdated(reason, this.stream, head.checkpoint);
      }
      const verdict = await judgeHead(this.deps.eventStore, this.deps.domain.events, this.stream, head);
      if (verdict.kind === 'beyond') {
        throw new WriterUnavailable(
          `the checkpoint of ${this.stream} is at ${head.revision}, and its journal ends before that`,
        );
      }
      if (verdict.kind === 'differs') {
        const reason = `its chain hash is not the one of ${this.stream}@${head.revision}`;
        throw new CheckpointCorrupt(reason, this.stream, head.checkpoint);
      }
      this.parts.position.read(verdict.at.metadata);
      this.parts.position.organizationId = verdict.at.metadata.organizationId;
      return { revision: head.revision, chainHash: head.chainHash };
    } catch (error) {
      if (!(error instanceof CheckpointCorrupt)) throw error;
      await this.distrustCheckpoint(error);
      return null;
    }
  }

  /**
   * The state stands for the whole journal now. When it was built from nothing it becomes the checkpoint at once, so that no start has to
   * build it again; what the checkpoint replaces goes then, and not before.
   */
  private async replaceOthers(isRebuilt: boolean): Promise<void> {
    const { state, position, flusher } = this.parts;
    try {
      if (isRebuilt && state.dirtyCount > 0) await flusher.flush(() => position.confirmed);
      if (flusher.revision !== null) await this.deps.checkpoints.sweep(this.stream);
    } catch (error) {
      this.deps.observer.checkpointFailed(this.stream, error as Error);
    }
  }

  /**
   * Whether to begin again from the checkpoint that is there now: another writer wrote one meanwhile, whose pages are of a later state,
   * or dropped it, or it does not hold and is taken out of use here.
   */
  private async isOfAnotherCheckpoint(error: unknown): Promise<boolean> {
    if (error instanceof CheckpointCorrupt) {
      await this.distrustCheckpoint(error);
      return true;
    }
    return error instanceof CheckpointAhead || error instanceof CheckpointGone;
  }

  /** Applies what the journal has beyond the confirmed revision; returns how many events that was. */
  private async readTail(): Promise<number> {
    const { state, position, records } = this.parts;
    let applied = 0;
    for (;;) {
      const from = position.confirmed.revision + 1;
      const { domain, eventStore } = this.deps;
      const page = await readJournal(eventStore, domain.events, this.stream, from, this.limits.catchUpEvents);
      // A page may be short although there is more: large events end it early.
      if (page.length === 0) break;
      state.startPinning();
      try {
        await records.loadForReplay(page);
        for (const event of page) this.apply(event);
      } finally {
        state.unpin();
      }
      applied += page.length;
      if (state.dirtyCount > this.limits.replayDirtyMax) await this.flushOrFail();
    }
    position.tip = position.confirmed;
    return applied;
  }

  private async flushOrFail(): Promise<void> {
    const outcome = await this.parts.flusher.flush(() => this.parts.position.confirmed);
    if (outcome === 'gone') throw new CheckpointGone(`the checkpoint of ${this.stream} was dropped`);
    if (outcome === 'saved') this.parts.state.becomePartial();
  }

  private apply({ recorded, event, metadata }: JournalEvent<E>): void {
    const { state, position, due } = this.parts;
    const { revision } = recorded;
    const where = `${this.stream}@${revision}`;
    if (revision !== position.confirmed.revision + 1) {
      throw new BrokenInvariant(`${where} follows ${position.confirmed.revision}`);
    }
    if (metadata.previousHash !== position.confirmed.chainHash)
      throw new BrokenInvariant(`the hash chain breaks at ${where}`);
    const { recordedAt } = metadata;
    const changes = evolveEvent(this.deps.domain, state, event, {
      stream: this.stream,
      revision,
      recordedAt,
    });
    state.confirm(changes);
    due.note(changes);
    if (metadata.idempotencyKey !== undefined && metadata.commandIndex === 0) {
      state.confirmKey(metadata.idempotencyKey, {
        requestHash: metadata.requestHash ?? '',
        firstRevision: revision,
        lastRevision: revision + metadata.commandSize - 1,
      });
    }
    position.confirmed = { revision, chainHash: metadata.hash };
    position.read(metadata);
    position.organizationId = metadata.organizationId;
  }
}
