import type { CheckpointColumns } from './domain';

/** What a checkpoint stands for: the state after this revision. */
export interface CheckpointHead {
  readonly revision: number;
  /** The chain hash of the event at this revision. */
  readonly chainHash: string;
}

/** A command that was accepted under an idempotency key: the answer is made again from its events. */
export interface KeyRecord {
  readonly requestHash: string;
  readonly firstRevision: number;
  readonly lastRevision: number;
}

export interface CheckpointRow extends CheckpointColumns {
  readonly key: string;
  readonly text: string;
}

export interface CheckpointBatch {
  readonly head: CheckpointHead;
  /**
   * The revision of the checkpoint that the records were made on: the batch has every record that changed since. Null: it has all.
   */
  readonly basis: number | null;
  readonly records: Iterable<CheckpointRow>;
  readonly keys: Iterable<readonly [key: string, record: KeyRecord]>;
}

/**
 * `ahead`: a checkpoint of a later revision is there. `gone`: the checkpoint is behind `basis` or was dropped, so that together with the
 * batch it would lack what changed between. Both: nothing was written.
 */
export type SaveOutcome = 'saved' | 'ahead' | 'gone';

export interface LoadedRecords<T> {
  /** The head's revision in the same snapshot; null: there is no checkpoint. */
  readonly headRevision: number | null;
  readonly found: ReadonlyMap<string, T>;
}

/**
 * The pages of a writer's state; the event stream is its write-ahead log. A cache: it may be dropped at any time.
 * All methods throw StoreUnavailable when it is out of reach, and CheckpointCorrupt when what is read is not what was written.
 */
export interface CheckpointStore {
  /** Verifies the head's own hash and that per currency the debits of all records equal their credits. */
  loadHead(stream: string): Promise<CheckpointHead | null>;
  loadRecords(stream: string, keys: readonly string[]): Promise<LoadedRecords<string>>;
  loadKeys(stream: string, keys: readonly string[]): Promise<LoadedRecords<KeyRecord>>;
  /** The records that are due first, in the order of `dueAt`. */
  loadDue(
    stream: string,
    limit: number,
  ): Promise<readonly { readonly key: string; readonly dueAt: string }[]>;
  /** Rows and head in one transaction, or nothing, see `SaveOutcome`. */
  save(stream: string, batch: CheckpointBatch): Promise<SaveOutcome>;
  drop(stream: string): Promise<void>;
}

export class CheckpointCorrupt extends Error {
  override readonly name = 'CheckpointCorrupt';
}
