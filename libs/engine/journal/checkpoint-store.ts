import type { CheckpointColumns } from './domain';

/** What a checkpoint stands for: the state after this revision. */
export interface CheckpointHead {
  readonly revision: number;
  /** The chain hash of the event at this revision. */
  readonly chainHash: string;
  /** Which checkpoint of the stream it is the head of, see `distrust`; the store says it. */
  readonly checkpoint?: number;
  /** The folds that made its records, see `JournalDomain.foldOf`; the store says all of those that `save` was told. */
  readonly folds?: readonly string[];
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
  /** Whose stream it is. A hint, by which it is found what is due. Absent: not known. */
  readonly organizationId?: string;
  readonly records: Iterable<CheckpointRow>;
  /** The folds that made these records. They are known when all records were taken. */
  readonly folds?: Iterable<string>;
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
 * The pages of a writer's state; the event stream is its write-ahead log. A cache: what is in it can be computed from the events.
 * All methods throw StoreUnavailable when it is out of reach, and CheckpointCorrupt when what is read is not what was written.
 *
 * What is read is a fact, and so is what is not found: a row that somebody deleted, added, edited or put back in an older version is noticed
 * when its key is looked up, at the latest. An older checkpoint as a whole is legal: it is older.
 */
export interface CheckpointStore {
  /** Of the live checkpoint; verifies that what authenticates its rows is whole. It reads none of them. */
  loadHead(stream: string): Promise<CheckpointHead | null>;
  loadRecords(stream: string, keys: readonly string[]): Promise<LoadedRecords<string>>;
  loadKeys(stream: string, keys: readonly string[]): Promise<LoadedRecords<KeyRecord>>;
  /**
   * The records that are due first, in the order of `dueAt`. A hint: what is done with them must rest on `loadRecords`.
   */
  loadDue(
    stream: string,
    limit: number,
  ): Promise<readonly { readonly key: string; readonly dueAt: string }[]>;
  /**
   * Rows and head in one transaction, or nothing, see `SaveOutcome`. What is not as balanced as before is not saved: per
   * currency the debits of all records equal their credits. Begins a
   * checkpoint when none is live and the batch has all.
   */
  save(stream: string, batch: CheckpointBatch): Promise<SaveOutcome>;
  /**
   * Takes the live checkpoint (only `checkpoint`, when that is given) out of use. It is kept, beside the one that is begun next, until `sweep`.
   */
  distrust(stream: string, checkpoint?: number): Promise<void>;
  /**
   * Deletes what the live checkpoint has replaced; nothing, as long as none is live. To be called when the live one is known to stand for the
   * journal, as the others are the last copy of it otherwise.
   */
  sweep(stream: string): Promise<void>;
  /** Deletes every checkpoint of a stream at once. For whoever knows that the journal has it all. */
  drop(stream: string): Promise<void>;
}

/** What is read of checkpoints. */
export type CheckpointReader = Pick<CheckpointStore, 'loadDue' | 'loadHead' | 'loadKeys' | 'loadRecords'>;

/** All checkpoints as they were when it was taken. */
export interface CheckpointSnapshot extends CheckpointReader {
  /** It is not read any more. Never throws. */
  close(): Promise<void>;
}
export interface CheckpointSnapshots {
  /** @throws StoreUnavailable */
  snapshot(): Promise<CheckpointSnapshot>;
}

export class CheckpointCorrupt extends Error {
  override readonly name: string = 'CheckpointCorrupt';

  constructor(
    message: string,
    readonly stream?: string,
    /** Which checkpoint of the stream; undefined: the live one. */
    readonly checkpoint?: number,
  ) {
    super(message);
  }
}

/** A checkpoint of another release, which folded otherwise: it holds, and nobody uses it. */
export class CheckpointOutdated extends CheckpointCorrupt {
  override readonly name = 'CheckpointOutdated';
}
