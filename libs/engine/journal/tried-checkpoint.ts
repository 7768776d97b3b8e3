import type {
  CheckpointBatch,
  CheckpointHead,
  CheckpointReader,
  CheckpointStore,
  KeyRecord,
  LoadedRecords,
  SaveOutcome,
} from './checkpoint-store';
import { keyBytes } from './writer-memory';

interface SavedRow {
  readonly text: string;
  readonly dueAt: string | undefined;
}

/** What a row takes in memory besides its texts. */
const rowBytes = 150;

/** The checkpoint of one stream as it was when a trial began, under what the trial saves: in memory alone. */
export class TriedCheckpoint implements CheckpointStore {
  private readonly rows = new Map<string, SavedRow>();
  private readonly keys = new Map<string, KeyRecord>();
  private head: CheckpointHead | undefined;
  private held = 0;

  /** @param before undefined, from when it does not hold: the trial folds the journal */
  constructor(private before: CheckpointReader | undefined) {}

  /** About as many bytes as it holds. */
  get bytes(): number {
    return this.held;
  }

  async loadHead(stream: string): Promise<CheckpointHead | null> {
    return this.head ?? (await this.before?.loadHead(stream)) ?? null;
  }

  async loadRecords(stream: string, keys: readonly string[]): Promise<LoadedRecords<string>> {
    const texts = { get: (key: string) => this.rows.get(key)?.text };
    return this.load(keys, texts, (others) => this.before?.loadRecords(stream, others));
  }

  async loadKeys(stream: string, keys: readonly string[]): Promise<LoadedRecords<KeyRecord>> {
    return this.load(keys, this.keys, (others) => this.before?.loadKeys(stream, others));
  }

  async loadDue(
    stream: string,
    limit: number,
  ): Promise<readonly { readonly key: string; readonly dueAt: string }[]> {
    const own = [...this.rows].flatMap(([key, { dueAt }]) => (dueAt === undefined ? [] : [{ key, dueAt }]));
    // Of those before it, as many may be its own by now.
    const before = (await this.before?.loadDue(stream, limit + this.rows.size)) ?? [];
    const others = before.filter(({ key }) => !this.rows.has(key));
    return [...own, ...others].sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1)).slice(0, limit);
  }

  async save(_stream: string, batch: CheckpointBatch): Promise<SaveOutcome> {
    for (const { key, text, dueAt } of batch.records) {
      this.held += text.length - (this.rows.get(key)?.text.length ?? -rowBytes - key.length);
      this.rows.set(key, { text, dueAt });
    }
    for (const [key, record] of batch.keys) {
      if (!this.keys.has(key)) this.held += keyBytes;
      this.keys.set(key, record);
    }
    const folds = [...(this.head?.folds ?? []), ...(batch.folds ?? [])];
    this.head = { ...batch.head, folds: [...new Set(folds)] };
    return 'saved';
  }

  /** What does not hold is not used here any more. It is left to the writer of the stream to take it out of use. */
  async distrust(): Promise<void> {
    this.before = undefined;
    this.head = undefined;
    this.held = 0;
    this.rows.clear();
    this.keys.clear();
  }

  async sweep(): Promise<void> {
    // It replaces nothing.
  }

  drop(): Promise<void> {
    return this.distrust();
  }

  private async load<T>(
    keys: readonly string[],
    own: { get(key: string): T | undefined },
    loadOthers: (keys: readonly string[]) => Promise<LoadedRecords<T>> | undefined,
  ): Promise<LoadedRecords<T>> {
    const found = new Map<string, T>();
    const others: string[] = [];
    for (const key of keys) {
      const value = own.get(key);
      if (value === undefined) others.push(key);
      else found.set(key, value);
    }
    const loaded = await loadOthers(others);
    for (const [key, value] of loaded?.found ?? []) found.set(key, value);
    return { headRevision: this.head?.revision ?? loaded?.headRevision ?? null, found };
  }
}
