import { BrokenInvariant } from '@fintech-ledger/contract';
import { CheckpointCorrupt } from '@fintech-ledger/journal';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { isHeadOf, pageKinds, readCheckpoint } from './live-checkpoint';
import type { HeadRow, LiveCheckpoint } from './live-checkpoint';
import { IndexBudget } from './page-index';
import type { Seals } from './seals';
import * as sql from './statements';

/** Checkpoints of which a process remembers what authenticates them. */
const checkpointsMax = 2_000;
/** Rows of checked pages that it remembers, 12 bytes each. */
const indexedRowsMax = 4_000_000;

/** What this process knows of the live checkpoints. Another process may have gone on: whoever reads compares the head's MAC. */
export class LiveCheckpoints {
  readonly budget: IndexBudget;
  private readonly known = new Map<string, LiveCheckpoint>();
  private readonly reading = new Map<string, Promise<LiveCheckpoint | undefined>>();
  /** Saves of this process that are under way. */
  private readonly saving = new Map<string, Promise<unknown>>();

  constructor(
    private readonly database: Pick<Database, 'transaction'>,
    private readonly seals: Seals,
    rowsMax = indexedRowsMax,
  ) {
    this.budget = new IndexBudget(rowsMax);
  }

  /** What is remembered; it is not compared with the database. */
  peek(stream: string): LiveCheckpoint | undefined {
    return this.known.get(stream);
  }

  /** What is remembered, or what the database has. @throws CheckpointCorrupt */
  async get(stream: string): Promise<LiveCheckpoint | undefined> {
    const known = this.known.get(stream);
    if (known) return known;
    const reading = this.reading.get(stream) ?? this.read(stream).finally(() => this.reading.delete(stream));
    this.reading.set(stream, reading);
    return reading;
  }

  /** Of a head that was just read in this transaction. @throws CheckpointCorrupt */
  async of(tx: Sql, stream: string, row: HeadRow): Promise<LiveCheckpoint> {
    const known = this.known.get(stream);
    if (known && isHeadOf(known, row)) return known;
    try {
      return await readCheckpoint(tx, stream, row, this.seals, this.budget);
    } catch (error) {
      if (error instanceof CheckpointCorrupt) this.forget(stream);
      throw error;
    }
  }

  /** @throws BrokenInvariant it is of another stream */
  set(stream: string, live: LiveCheckpoint): void {
    if (live.stream !== stream)
      throw new BrokenInvariant(`a checkpoint of ${live.stream} would be remembered as that of ${stream}`);
    const before = this.known.get(stream);
    if (before === live) return;
    if (before) closeIndexes(before, live);
    this.known.delete(stream);
    this.known.set(stream, live);
    const oldest = this.known.keys().next().value;
    if (this.known.size > checkpointsMax && oldest !== undefined) this.forget(oldest);
  }

  forget(stream: string): void {
    const known = this.known.get(stream);
    if (!known) return;
    closeIndexes(known);
    this.known.delete(stream);
  }

  /** What is remembered was not what the database has: waits for our own save, if that is why, or forgets it. */
  async changed(stream: string, live: LiveCheckpoint): Promise<void> {
    if (this.known.get(stream) !== live) return;
    await this.saving.get(stream)?.catch(() => undefined);
    if (this.known.get(stream) === live) this.forget(stream);
  }

  async duringSave<T>(stream: string, save: () => Promise<T>): Promise<T> {
    const run = save();
    this.saving.set(stream, run);
    try {
      return await run;
    } finally {
      if (this.saving.get(stream) === run) this.saving.delete(stream);
    }
  }

  values(): Iterable<LiveCheckpoint> {
    return this.known.values();
  }

  private read(stream: string): Promise<LiveCheckpoint | undefined> {
    return this.database.transaction(
      async (tx) => {
        const { rows } = await tx.query<HeadRow>(sql.selectHead, [stream]);
        if (!rows[0]) return undefined;
        const live = await this.of(tx, stream, rows[0]);
        const known = this.known.get(stream);
        // A save of this process has gone on since: its state is the later one.
        if (known && known.streamId === live.streamId && known.head.revision > live.head.revision)
          return known;
        this.set(stream, live);
        return live;
      },
      { isolation: 'repeatable read', readOnly: true },
    );
  }
}

function closeIndexes(before: LiveCheckpoint, after?: LiveCheckpoint): void {
  for (const kind of pageKinds) {
    const { index } = before.spaces[kind];
    if (index !== after?.spaces[kind].index) index.close();
  }
}
