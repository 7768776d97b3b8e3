import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { Sql } from '@fintech-ledger/postgres';
import type { ChainLink } from './chain-head';

/** Writes what was folded, in the transaction that also moves the checkpoint. Called again with a new transaction after a lost one. */
export type RowWriter = (sql: Sql) => Promise<void>;

/** A read model: how a batch of parsed events becomes rows. */
export interface Projection<E> {
  readonly name: string;
  /** Raised when its rows would come out otherwise: the projector then rebuilds it. */
  readonly version: number;
  readonly streamPrefixes: readonly string[];
  /** Whether its rows may be made again of the events. Those of an outbox may not: what they ask for was done. */
  readonly mayBeRebuilt: boolean;
  /**
   * Folds a batch (each stream in order, nothing twice) in memory; pure. Each row is written once, however many events changed it.
   * @throws BrokenInvariant when an event contradicts another: the projection halts
   */
  fold(events: readonly E[]): RowWriter;
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
export function defineProjection<E, C>(parts: {
  readonly name: string;
  readonly version: number;
  readonly streamPrefixes: readonly string[];
  readonly mayBeRebuilt: boolean;
  readonly project: (events: readonly E[]) => C;
  readonly save: (sql: Sql, changes: C) => Promise<void>;
  readonly reset: (sql: Sql) => Promise<void>;
  readonly resetStream: (sql: Sql, stream: string) => Promise<void>;
}): Projection<E> {
  const { project, save, ...rest } = parts;
  return {
    ...rest,
    fold(events) {
      const changes = project(events);
      return (sql) => save(sql, changes);
    },
  };
}
