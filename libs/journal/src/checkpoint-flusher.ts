import type { CheckpointRow, CheckpointStore } from './checkpoint-store';
import type { DomainEvent, DomainRecord, JournalDomain } from './domain';
import type { ChainTip } from './event-sealer';
import type { WriterObserver } from './observer';
import type { WriterState } from './writer-state';

/** Writes dirty records to the checkpoint together with the revision that they stand for; one flush at a time. */
export class CheckpointFlusher<C, E extends DomainEvent, R extends DomainRecord> {
  private running: Promise<void> | undefined;
  private headRevision: number | null = null;

  constructor(
    private readonly stream: string,
    private readonly checkpoints: CheckpointStore,
    private readonly domain: JournalDomain<C, E, R>,
    private readonly state: WriterState<R>,
    private readonly observer: WriterObserver,
  ) {}

  /** The revision of the last checkpoint that is known here. */
  get revision(): number | null {
    return this.headRevision;
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  startFrom(headRevision: number | null): void {
    this.headRevision = headRevision;
  }

  /** Resolves when no flush is under way. */
  async settled(): Promise<void> {
    await this.running?.catch(() => undefined);
  }

  /**
   * Writes everything dirty. `tip`: the confirmed revision, which is what the dirty records stand for at this moment.
   * Resolves to false when another writer's checkpoint is further: read the tail first.
   * @throws StoreUnavailable
   */
  async flush(tip: ChainTip): Promise<boolean> {
    await this.settled();
    const startedAt = performance.now();
    const { records, keys } = this.state.startFlush();
    let saved: 'saved' | 'ahead' = 'ahead';
    const run = (async () => {
      saved = await this.checkpoints.save(this.stream, { head: tip, records: this.rows(records), keys });
    })();
    this.running = run;
    try {
      await run;
    } catch (error) {
      this.state.flushFailed();
      throw error;
    } finally {
      this.running = undefined;
    }
    if ((saved as 'saved' | 'ahead') === 'ahead') {
      this.state.flushFailed();
      return false;
    }
    this.state.flushed();
    this.headRevision = tip.revision;
    this.observer.checkpointSaved(
      this.stream,
      tip.revision,
      records.size + keys.size,
      performance.now() - startedAt,
    );
    return true;
  }

  private *rows(records: ReadonlyMap<string, R>): Iterable<CheckpointRow> {
    for (const [key, record] of records) {
      const dueAt = this.domain.dueAt(record);
      const { text, columns } = this.domain.encode(record);
      yield { key, text, ...columns, ...(dueAt === undefined ? {} : { dueAt }) };
    }
  }
}
