import type { Database, Sql } from '@fintech-ledger/postgres';

/** What checkpoints are read and written with. */
export type CheckpointDatabase = Pick<Database, 'query' | 'session' | 'transaction'>;

/** The database as it is now, for reading, until it is closed: over a connection of its own. */
export interface DatabaseSnapshot {
  readonly database: CheckpointDatabase;
  close(): Promise<void>;
}

/** @throws DatabaseUnavailable, DatabaseError */
export async function databaseSnapshot(database: Pick<Database, 'session'>): Promise<DatabaseSnapshot> {
  const session = await database.session();
  try {
    await session.query('begin isolation level repeatable read read only');
    // It is taken with the first statement.
    await session.query('select 1');
  } catch (error) {
    await session.release();
    throw error;
  }
  return {
    database: {
      query: (...asked) => session.query(...asked),
      transaction: <T>(work: (sql: Sql) => Promise<T>) => work(session),
      session: () => database.session(),
    },
    close: () => session.release(),
  };
}
