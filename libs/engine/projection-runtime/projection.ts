import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { Sql } from '@fintech-ledger/postgres';
import type { ChainLink } from './chain-head';

/**
 * Writes what was folded, in the transaction that also moves the checkpoint, which is a pipelined one: what does not need
 * one another's answers is best asked for together. Called again with a new transaction after a lost one.
 */
export type RowWriter = (sql: Sql) => Promise<void>;

/** Folds batch after batch into the same rows. */
export interface Accumulator<E> {
  /** @throws BrokenInvariant as `fold` does */
  add(events: readonly E[]): void;
  writer(): RowWriter;
}

/** What holds the rows of a projection, and what reads them in the database: there is one of each on both sides. */
export interface ProjectionRelations {
  /** Tables of the schema `read`, all that it writes; none: it can't be rebuilt beside itself, and is emptied first. */
  readonly tables: readonly string[];
  /** Functions of the schema `read` that read these tables and no others. */
  readonly functions?: readonly string[];
  /**
   * By table, a SELECT (without its schema: `from event_runs`) of what its rows say, where the same can be said by
   * other rows: runs are cut where batches were. Absent: the rows themselves.
   */
  readonly contents?: Readonly<Record<string, string>>;
}

/** A read model: how a batch of parsed events becomes rows. */
export interface Projection<E> extends ProjectionRelations {
  readonly name: string;
  /** Raised when its rows would come out otherwise: the projector then rebuilds it. */
  readonly version: number;
  /**
   * The oldest version of rows that it can go on with, so that they are kept up to date until the rebuild is swapped.
   * Absent: any. Where it can't, queries that need later positions wait for the rebuild.
   */
  readonly carriesOnFrom?: number;
  readonly streamPrefixes: readonly string[];
  /** Whether its rows may be made again of the events. Those of an outbox may not: what they ask for was done. */
  readonly mayBeRebuilt: boolean;
  /** Of events that have a part (`ReadableStreams.partOf`) it reads nothing else: a rebuild need not parse them. */
  readonly readsParts?: boolean;
  /**
   * Folds a batch (each stream in order, nothing twice) in memory; pure. Each row is written once, however many events changed it.
   * @throws BrokenInvariant when an event contradicts another: the projection halts
   */
  fold(events: readonly E[]): RowWriter;
  /**
   * The same for a run of batches, of which it keeps the rows and not the events. Absent: each row is of one event, so
   * nothing is gained by folding more of them together.
   */
  begin?(): Accumulator<E>;
  /** Empties its tables. */
  reset(sql: Sql): Promise<void>;
  /** Takes out the rows of one stream. */
  resetStream(sql: Sql, stream: string): Promise<void>;
}

/** Parses a recorded event, once for all projections. @throws PoisonEvent */
export type Decode<E> = (event: RecordedEvent) => E;

/** Where a parsed event is in the chain of its stream's hashes. */
export type LinkOf<E> = (decoded: E, event: RecordedEvent) => ChainLink;

/** The parts of a read model put together: `project` is pure, `save` is SQL. */
export function defineProjection<E, C>(
  parts: ProjectionRelations & {
    readonly name: string;
    readonly version: number;
    readonly carriesOnFrom?: number;
    readonly streamPrefixes: readonly string[];
    readonly mayBeRebuilt: boolean;
    readonly readsParts?: boolean;
    readonly project: (events: readonly E[]) => C;
    /** See `Projection.begin`. */
    readonly accumulate?: () => { add(events: readonly E[]): void; changes(): C };
    readonly save: (sql: Sql, changes: C) => Promise<void>;
    /** Absent: its tables are truncated. */
    readonly reset?: (sql: Sql) => Promise<void>;
    readonly resetStream: (sql: Sql, stream: string) => Promise<void>;
  },
): Projection<E> {
  const { project, accumulate, save, ...rest } = parts;
  return {
    reset: async (sql) => {
      await sql.query(`truncate ${rest.tables.map((table) => `read.${table}`).join(', ')}`);
    },
    ...rest,
    fold(events) {
      const changes = project(events);
      return (sql) => save(sql, changes);
    },
    ...(accumulate !== undefined && {
      begin() {
        const rows = accumulate();
        return {
          add: (events: readonly E[]) => rows.add(events),
          writer() {
            const changes = rows.changes();
            return (sql: Sql) => save(sql, changes);
          },
        };
      },
    }),
  };
}
