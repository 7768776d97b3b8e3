import type { OnCopied } from './read-copy';

/** Something that runs SQL: the pool, a transaction, or a dedicated session. */
export interface Sql {
  /**
   * Runs one statement. `numeric` and `bigint` columns come back as strings, `timestamptz` as Date, null
   * where it is infinite.
   * @param name prepares the statement once per connection under this name; one name always stands for one text
   * @throws DatabaseUnavailable the connection could not be made or was lost; see `outcomeKnown`
   * @throws DatabaseError the statement was refused
   */
  query<R extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
    name?: string,
  ): Promise<{ rows: R[]; rowCount: number }>;
  /**
   * Runs a `COPY … FROM STDIN` in text format; fields are escaped by `copyText`, joined by tabs, lines end in `\n`.
   * Outside a transaction all of it is stored or nothing. Throws what `query` throws, or what `chunks` throws.
   */
  copyFrom(statement: string, chunks: Iterable<string>): Promise<void>;
}

/** A connection of its own, for what belongs to a connection: advisory locks, LISTEN. */
export interface SqlSession extends Sql {
  /** Calls back with the payload of each NOTIFY on a channel, as long as the connection lasts. */
  listen(channel: string, callback: (payload: string) => void): Promise<void>;
  /** Closes the connection, and with it every lock it holds, within 2 s. Never throws. */
  release(): Promise<void>;
  /** Called at most once, when the connection is lost without `release()`; at once when that has happened already. */
  onLost(callback: () => void): void;
}

export interface TransactionOptions {
  /** Default: read committed. */
  readonly isolation?: 'repeatable read';
  readonly readOnly?: boolean;
  /**
   * What `work` asks for before it has an answer is sent at once, by one write, and worked off in that order: for
   * statements that don't need one another's answers. After one that fails the others fail too (`25P02`).
   */
  readonly isPipelined?: boolean;
}

export interface Database extends Sql {
  /**
   * Runs `work` in a transaction on one connection: committed when it resolves, rolled back when it throws (and that error is
   * thrown on). A connection lost before COMMIT was sent has `outcomeKnown: true` (nothing was written), during COMMIT `false`.
   */
  transaction<T>(work: (sql: Sql) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Runs a `COPY … TO STDOUT`. `onCopied` is told of the bytes as they come; put together they are the whole of the
   * format. It must not throw, and not keep them: the connection uses its buffers again. Throws what `query` throws.
   */
  copyTo(statement: string, onCopied: OnCopied): Promise<void>;
  /** A new connection beside the pool. @throws DatabaseUnavailable, DatabaseError */
  session(): Promise<SqlSession>;
  /**
   * Waits for running statements, then closes every connection, those of sessions too. A server that does not answer is
   * waited for no longer than `withinMs` (default 5 s).
   */
  close(withinMs?: number): Promise<void>;
}

export interface ConnectOptions {
  readonly connectionString: string;
  /** The most connections of the pool, sessions not counted. Default 10. */
  readonly max?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string;
  /** search_path of every connection. */
  readonly schema?: string;
  /**
   * A statement that runs longer is cancelled (DatabaseUnavailable, outcome known). One whose answer is lost is given
   * up a little later. There is no default: a process that waits for ever looks healthy.
   */
  readonly statementTimeoutMs: number;
}
