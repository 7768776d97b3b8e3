import { CheckpointCorrupt } from './checkpoint-store';
import type { CheckpointRow, SaveOutcome } from './checkpoint-store';
import type { DomainEvent, DomainRecord } from './domain';
import type { ChainTip, WriterPosition } from './writer-position';
import type { JournalLimits, WriterDependencies } from './writer-dependencies';
import type { WriterState } from './writer-state';

/** Writes dirty records to the checkpoint together with the revision that they stand for; one flush at a time. */
export class CheckpointFlusher<C, E extends DomainEvent, R extends DomainRecord> {
  private running: Promise<SaveOutcome> | undefined;
  private headRevision: number | null = null;
  private rowsWritten = 0;
  private lastRowAt = 0;
  /** From a number of the stream's own, so that not all streams have their turn at one tick. */
  private ticks: number;

  constructor(
    private readonly stream: string,
    private readonly deps: Pick<WriterDependencies<C, E, R>, 'checkpoints' | 'domain' | 'observer'>,
    private readonly state: WriterState<R>,
    private readonly position: Pick<WriterPosition, 'organizationId'>,
  ) {
    this.ticks = Buffer.from(stream).reduce((sum, byte) => sum + byte, 0);
  }

  /**
   * How many dirty records make a checkpoint worth its while at this tick of the clock. A checkpoint costs several
   * statements and a commit, and a few events are read again as fast: so it is written when there is much to save, by
   * records or by the events up to `revision`, and at some ticks when there is anything.
   */
  dirtyMinAtTick(
    revision: number,
    limits: Pick<JournalLimits, 'checkpointDirtyMin' | 'checkpointEventsMin' | 'checkpointSmallTicks'>,
  ): number {
    this.ticks += 1;
    const events = revision - (this.headRevision ?? -1);
    const isTurn = this.ticks % limits.checkpointSmallTicks === 0;
    return isTurn || events >= limits.checkpointEventsMin ? 1 : limits.checkpointDirtyMin;
  }

  /** The revision of the last checkpoint that is known here. */
  get revision(): number | null {
    return this.headRevision;
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /**
   * Whether the checkpoint that is being written must get on first. Without this, commands that touch ever new accounts
   * make dirty records faster than they are written, until memory is full: so they go on at half the pace of the
   * checkpoint's rows. One that does not move holds up nobody.
   */
  isOvertaken(limits: { readonly checkpointDirtyMax: number; readonly checkpointStallMs: number }): boolean {
    if (this.running === undefined) return false;
    const allowed = (limits.checkpointDirtyMax + this.rowsWritten) / 2;
    const isStalled = performance.now() - this.lastRowAt > limits.checkpointStallMs;
    return this.state.dirtyCount > allowed && !isStalled;
  }

  startFrom(headRevision: number | null): void {
    this.headRevision = headRevision;
  }

  /** Resolves when no flush is under way. */
  async settled(): Promise<void> {
    while (this.running) await this.running.catch(() => undefined);
  }

  /**
   * Writes everything dirty. `currentTip`: the confirmed revision at the moment when it is asked, which is what the dirty records stand for
   * then. `ahead`: another writer's checkpoint is further, read the tail first. `gone`: the checkpoint that this state rests on is out of
   * use (or turned out not to hold, and is now), load it again.
   * @throws StoreUnavailable
   */
  async flush(currentTip: () => ChainTip): Promise<SaveOutcome> {
    // Not `settled()`: when that returns, another flush may have begun. From here to the request nothing is awaited, so that tip and
    // dirty records are of one moment.
    while (this.running) await this.running.catch(() => undefined);
    const startedAt = performance.now();
    const tip = currentTip();
    const { records, keys } = this.state.startFlush();
    this.rowsWritten = 0;
    this.lastRowAt = startedAt;
    const folds = new Set<string>();
    // What is due in real time is due by nobody's clock.
    const isReal = this.deps.domain.isDueInRealTime === true;
    const saving = this.deps.checkpoints.save(this.stream, {
      head: tip,
      basis: this.headRevision,
      ...(!isReal && { organizationId: this.position.organizationId }),
      records: this.rows(records, folds),
      folds,
      keys: this.counted(keys),
    });
    // All of it, so that who waits for its end does not find it running when it has ended.
    this.running = saving.catch((error: unknown) => this.distrust(error));
    let outcome: SaveOutcome;
    try {
      outcome = await this.running;
    } catch (error) {
      this.state.flushFailed();
      throw error;
    } finally {
      this.running = undefined;
    }
    if (outcome !== 'saved') {
      this.state.flushFailed();
      return outcome;
    }
    this.state.flushed();
    this.headRevision = tip.revision;
    this.deps.observer.checkpointSaved(
      this.stream,
      tip.revision,
      records.size + keys.size,
      performance.now() - startedAt,
    );
    return 'saved';
  }

  private async distrust(error: unknown): Promise<SaveOutcome> {
    if (!(error instanceof CheckpointCorrupt)) throw error;
    this.deps.observer.checkpointDropped(this.stream, error.message);
    await this.deps.checkpoints.distrust(this.stream, error.checkpoint);
    return 'gone';
  }

  /** @param folds takes what folded each row that was given */
  private *rows(records: ReadonlyMap<string, R>, folds: Set<string>): Iterable<CheckpointRow> {
    for (const [key, record] of records) {
      const dueAt = this.deps.domain.dueAt(record);
      const { text, columns } = this.deps.domain.encode(record);
      const fold = this.deps.domain.foldOf?.(record);
      if (fold !== undefined) folds.add(fold);
      this.count();
      yield { key, text, ...columns, ...(dueAt === undefined ? {} : { dueAt }) };
    }
  }

  private *counted<T>(items: Iterable<T>): Iterable<T> {
    for (const item of items) {
      this.count();
      yield item;
    }
  }

  private count(): void {
    this.rowsWritten += 1;
    this.lastRowAt = performance.now();
  }
}
