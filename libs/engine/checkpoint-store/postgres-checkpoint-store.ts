import { Places } from '@fintech-ledger/contract';
import { StoreUnavailable } from '@fintech-ledger/event-store';
import { CheckpointCorrupt } from '@fintech-ledger/journal';
import type {
  CheckpointBatch,
  CheckpointHead,
  CheckpointSnapshot,
  CheckpointSnapshots,
  CheckpointStore,
  KeyRecord,
  LoadedRecords,
  SaveOutcome,
} from '@fintech-ledger/journal';
import { DatabaseUnavailable } from '@fintech-ledger/postgres';
import type { Sql } from '@fintech-ledger/postgres';
import { instruments } from '@fintech-ledger/telemetry';
import { keyFormat, recordFormat } from './checked-rows';
import type { HeadRow } from './live-checkpoint';
import { LiveCheckpoints } from './live-checkpoints';
import { LookUp } from './look-up';
import { databaseSnapshot } from './postgres-snapshot';
import type { CheckpointDatabase } from './postgres-snapshot';
import { BatchSaver } from './save-batch';
import { Scrubber, scrubInBackground } from './scrubber';
import type { BackgroundScrub } from './scrubber';
import { Seals } from './seals';
import * as sql from './statements';

const snapshot = { isolation: 'repeatable read', readOnly: true } as const;
/** Saves at a time: of the pool's connections some must be left to appends and to writers that are loaded. */
const savesAtOnce = 4;
/** Rows of a replaced checkpoint that one statement deletes. */
const sweepRows = 5_000;
/** Rows of checked pages that one snapshot remembers. */
const snapshotRowsMax = 200_000;

export interface PostgresCheckpointStoreOptions {
  /** The installation's pepper: what rows and pages are authenticated with. */
  readonly secret: string;
  /** Rows of checked pages that are remembered at most. */
  readonly indexedRowsMax?: number;
}

/** Checkpoints in the `writer` schema of Postgres: rows and absences are authenticated, see decision 0018. */
export class PostgresCheckpointStore implements CheckpointSnapshots, CheckpointStore {
  private readonly seals: Seals;
  private readonly checkpoints: LiveCheckpoints;
  private readonly lookUp: LookUp;
  private readonly scrubber: Scrubber;
  private readonly saves = new Places(savesAtOnce);
  private readonly sweeps = new Map<string, Promise<void>>();
  private scrubbing: BackgroundScrub | undefined;
  private isClosed = false;

  constructor(
    private readonly database: CheckpointDatabase,
    private readonly options: PostgresCheckpointStoreOptions,
  ) {
    this.seals = new Seals(options.secret);
    this.checkpoints = new LiveCheckpoints(database, this.seals, options.indexedRowsMax);
    this.lookUp = new LookUp(database, this.checkpoints, this.seals);
    this.scrubber = new Scrubber(database, this.checkpoints, this.seals);
  }

  loadHead(stream: string): Promise<CheckpointHead | null> {
    // One snapshot: a save between head and pages would make a sound checkpoint look edited.
    return this.reading(stream, () =>
      this.database.transaction((tx) => this.verifiedHead(tx, stream), snapshot),
    );
  }

  loadRecords(stream: string, keys: readonly string[]): Promise<LoadedRecords<string>> {
    return this.reading(stream, () => this.lookUp.load(recordFormat, stream, keys));
  }

  loadKeys(stream: string, keys: readonly string[]): Promise<LoadedRecords<KeyRecord>> {
    return this.reading(stream, () => this.lookUp.load(keyFormat, stream, keys));
  }

  loadDue(
    stream: string,
    limit: number,
  ): Promise<readonly { readonly key: string; readonly dueAt: string }[]> {
    return available(async () => {
      const { rows } = await this.database.query<{ key: string; due_at: Date }>(sql.selectDue, [
        stream,
        limit,
      ]);
      return rows.map((row) => ({ key: row.key, dueAt: row.due_at.toISOString() }));
    });
  }

  save(stream: string, batch: CheckpointBatch): Promise<SaveOutcome> {
    const save = this.saves.use(() => this.reading(stream, () => this.saveNow(stream, batch)));
    return save.finally(() => instruments.checkpointIndex.record(this.checkpoints.budget.bytes));
  }

  async distrust(stream: string, checkpoint?: number): Promise<void> {
    await available(() => this.database.query(sql.distrust, [stream, checkpoint ?? null]));
    this.checkpoints.forget(stream);
  }

  sweep(stream: string): Promise<void> {
    const running =
      this.sweeps.get(stream) ??
      available(() => this.sweepAll(stream)).finally(() => this.sweeps.delete(stream));
    this.sweeps.set(stream, running);
    return running;
  }

  async drop(stream: string): Promise<void> {
    this.checkpoints.forget(stream);
    await available(() =>
      this.database.transaction(async (tx) => {
        for (const statement of sql.dropAll) await tx.query(statement, [stream]);
      }),
    );
    this.checkpoints.forget(stream);
  }

  /** Checks the next rows of the checkpoints in use. @throws CheckpointCorrupt */
  scrub(rowsMax: number): Promise<number> {
    return available(() => this.scrubber.scrub(rowsMax));
  }

  /** From now until `close`, all rows are checked in turn, slowly; what does not hold is taken out of use. */
  startScrubbing(onDistrusted: (stream: string, reason: string) => void, everyMs?: number): void {
    this.scrubbing ??= scrubInBackground(
      this.scrubber,
      async (error) => {
        if (error.stream === undefined) return;
        await this.distrust(error.stream, error.checkpoint);
        onDistrusted(error.stream, error.message);
      },
      everyMs,
    );
  }

  /** Over a connection of its own, which is held until it is closed. */
  snapshot(): Promise<CheckpointSnapshot> {
    return available(async () => {
      const { database, close } = await databaseSnapshot(this.database);
      const at = new PostgresCheckpointStore(database, { ...this.options, indexedRowsMax: snapshotRowsMax });
      return {
        ...{ close, loadHead: (stream) => at.loadHead(stream), loadDue: (...asked) => at.loadDue(...asked) },
        loadRecords: (...asked) => at.loadRecords(...asked),
        loadKeys: (...asked) => at.loadKeys(...asked),
      };
    });
  }

  /** Ends what runs in the background. The database is left open. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.scrubbing?.stop();
    await Promise.all([...this.sweeps.values()].map((sweep) => sweep.catch(() => undefined)));
  }

  private saveNow(stream: string, batch: CheckpointBatch): Promise<SaveOutcome> {
    return this.checkpoints.duringSave(stream, async () => {
      try {
        const { outcome, takeOver } = await this.database.transaction((tx) =>
          new BatchSaver(tx, stream, this.seals, this.checkpoints).save(batch),
        );
        takeOver?.();
        return outcome;
      } catch (error) {
        // It may be stored.
        if (error instanceof DatabaseUnavailable && !error.outcomeKnown) this.checkpoints.forget(stream);
        throw error;
      }
    });
  }

  private async sweepAll(stream: string): Promise<void> {
    const { rows } = await this.database.query<{ stream_id: number }>(sql.selectReplaced, [stream]);
    for (const { stream_id: streamId } of rows) {
      for (const statement of sql.deleteSome) {
        let deleted = sweepRows;
        while (deleted === sweepRows) {
          if (this.isClosed) return;
          deleted = (await this.database.query(statement, [streamId, sweepRows])).rowCount;
        }
      }
      await this.database.query(sql.deleteReplacedHead, [streamId]);
    }
  }

  private async verifiedHead(tx: Sql, stream: string): Promise<CheckpointHead | null> {
    const { rows } = await tx.query<HeadRow>(sql.selectHead, [stream]);
    if (!rows[0]) {
      this.checkpoints.forget(stream);
      return null;
    }
    const live = await this.checkpoints.of(tx, stream, rows[0]);
    this.checkpoints.set(stream, live);
    return { ...live.head, checkpoint: live.streamId };
  }

  /** What turns out not to hold is not remembered either. */
  private reading<T>(stream: string, work: () => Promise<T>): Promise<T> {
    return available(work).catch((error: unknown) => {
      if (error instanceof CheckpointCorrupt) this.checkpoints.forget(stream);
      throw error;
    });
  }
}

async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw new StoreUnavailable(error.message, { cause: error });
    throw error;
  }
}
