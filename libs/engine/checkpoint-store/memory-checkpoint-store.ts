import { CheckpointCorrupt } from '@fintech-ledger/journal';
import { allFolds } from './all-folds';
import { BookSums, unbalanced } from './book-sums';
import type {
  CheckpointBatch,
  CheckpointHead,
  CheckpointRow,
  CheckpointSnapshot,
  CheckpointSnapshots,
  CheckpointStore,
  KeyRecord,
  LoadedRecords,
  SaveOutcome,
} from '@fintech-ledger/journal';

interface Checkpoint {
  readonly number: number;
  head: CheckpointHead;
  readonly rows: Map<string, CheckpointRow>;
  readonly keys: Map<string, KeyRecord>;
}

/** Checkpoints in memory: for tests and the simulator. */
export class MemoryCheckpointStore implements CheckpointSnapshots, CheckpointStore {
  private readonly checkpoints = new Map<string, Checkpoint>();
  private readonly replaced = new Map<string, Checkpoint[]>();
  private begun = 0;

  async loadHead(stream: string): Promise<CheckpointHead | null> {
    const checkpoint = this.checkpoints.get(stream);
    if (!checkpoint) return null;
    return { ...checkpoint.head, checkpoint: checkpoint.number };
  }

  async loadRecords(stream: string, keys: readonly string[]): Promise<LoadedRecords<string>> {
    const checkpoint = this.checkpoints.get(stream);
    const found = new Map<string, string>();
    for (const key of keys) {
      const row = checkpoint?.rows.get(key);
      if (row) found.set(key, row.text);
    }
    return { headRevision: checkpoint?.head.revision ?? null, found };
  }

  async loadKeys(stream: string, keys: readonly string[]): Promise<LoadedRecords<KeyRecord>> {
    const checkpoint = this.checkpoints.get(stream);
    const found = new Map<string, KeyRecord>();
    for (const key of keys) {
      const record = checkpoint?.keys.get(key);
      if (record) found.set(key, record);
    }
    return { headRevision: checkpoint?.head.revision ?? null, found };
  }

  async loadDue(
    stream: string,
    limit: number,
  ): Promise<readonly { readonly key: string; readonly dueAt: string }[]> {
    return [...(this.checkpoints.get(stream)?.rows.values() ?? [])]
      .flatMap(({ key, dueAt }) => (dueAt === undefined ? [] : [{ key, dueAt }]))
      .sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1))
      .slice(0, limit);
  }

  async save(stream: string, batch: CheckpointBatch): Promise<SaveOutcome> {
    const existing = this.checkpoints.get(stream);
    if ((existing?.head.revision ?? -1) > batch.head.revision) return 'ahead';
    if ((existing?.head.revision ?? -1) < (batch.basis ?? -1)) return 'gone';
    const checkpoint = existing ?? {
      number: (this.begun += 1),
      head: batch.head,
      rows: new Map(),
      keys: new Map(),
    };
    const records = [...batch.records];
    this.checkSums(stream, checkpoint, records);
    checkpoint.head = { ...batch.head, folds: allFolds(existing?.head, batch) };
    for (const row of records) checkpoint.rows.set(row.key, row);
    for (const [key, record] of batch.keys) checkpoint.keys.set(key, record);
    this.checkpoints.set(stream, checkpoint);
    return 'saved';
  }

  private checkSums(stream: string, { number, rows }: Checkpoint, records: readonly CheckpointRow[]): void {
    const sums = new BookSums();
    sums.add(records);
    for (const { key } of records) {
      const { currency, debits = 0n, credits = 0n } = rows.get(key) ?? {};
      if (currency !== undefined) sums.remove(currency, String(debits - credits));
    }
    const { difference } = sums;
    if (difference === undefined) return;
    if (rows.size === 0) throw unbalanced(stream, difference);
    throw new CheckpointCorrupt(`the checkpoint of ${stream} does not hold: ${difference}`, stream, number);
  }

  async distrust(stream: string, checkpoint?: number): Promise<void> {
    const live = this.checkpoints.get(stream);
    if (!live || (checkpoint !== undefined && checkpoint !== live.number)) return;
    this.checkpoints.delete(stream);
    this.replaced.set(stream, [...(this.replaced.get(stream) ?? []), live]);
  }

  async sweep(stream: string): Promise<void> {
    if (this.checkpoints.has(stream)) this.replaced.delete(stream);
  }

  async drop(stream: string): Promise<void> {
    this.checkpoints.delete(stream);
    this.replaced.delete(stream);
  }

  async snapshot(): Promise<CheckpointSnapshot> {
    const taken = new MemoryCheckpointStore();
    for (const [stream, { rows, keys, ...checkpoint }] of this.checkpoints)
      taken.checkpoints.set(stream, { ...checkpoint, rows: new Map(rows), keys: new Map(keys) });
    return Object.assign(taken, { close: () => Promise.resolve() });
  }

  /** How many checkpoints of a stream are kept beside the live one. */
  replacedCount(stream: string): number {
    return this.replaced.get(stream)?.length ?? 0;
  }
}
