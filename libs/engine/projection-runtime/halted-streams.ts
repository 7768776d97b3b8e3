import type { Sql } from '@fintech-ledger/postgres';

/** A stream that a projection (or a relay, as `relay:<topic>`) can't go on with. */
export interface HaltedStream {
  readonly projection: string;
  readonly stream: string;
  /** The first one that is not applied. */
  readonly revision: number;
  /** Which event, why, and what to do. */
  readonly reason: string;
  readonly since: Date;
  /** How often it was tried again; 0: that has not happened yet, and most often ends it. */
  readonly attempts: number;
  readonly retryAt: Date;
  /** By the database's clock. */
  readonly isDue: boolean;
}

interface HaltedRow {
  readonly projection: string;
  readonly stream: string;
  readonly revision: string;
  readonly reason: string;
  readonly since: Date;
  readonly attempts: number;
  readonly retry_at: Date;
  readonly is_due: boolean;
}

const columns =
  'projection, stream, revision, reason, since, attempts, retry_at, retry_at <= now() as is_due';
const view = ({ revision, retry_at, is_due, ...row }: HaltedRow): HaltedStream => ({
  ...row,
  revision: Number(revision),
  retryAt: retry_at,
  isDue: is_due,
});

/** The streams that these projections (absent: all, and relays) can't go on with, the oldest first. */
export async function selectHaltedStreams(
  sql: Sql,
  options: { readonly projections?: readonly string[]; readonly limit: number },
): Promise<readonly HaltedStream[]> {
  const { rows } = await sql.query<HaltedRow>(
    `select ${columns} from read.halted_streams
      where $1::text is null or projection = any (string_to_array($1, E'\\n'))
      order by since, stream, projection limit $2`,
    [options.projections?.join('\n') ?? null, options.limit],
    'select-halted-streams',
  );
  return rows.map(view);
}

/** Notes that a stream is halted. One that does already keeps since when, and how often it was tried. */
export async function insertHalted(
  sql: Sql,
  halted: Pick<HaltedStream, 'projection' | 'stream' | 'revision' | 'reason'>,
): Promise<void> {
  await sql.query(
    `insert into read.halted_streams as h (projection, stream, revision, reason) values ($1, $2, $3, $4)
     on conflict (stream, projection) do nothing`,
    [halted.projection, halted.stream, halted.revision, halted.reason],
    'insert-halted-stream',
  );
}

/** It was tried again without success: the next time is after `delayMs`. */
export async function updateHalted(
  sql: Sql,
  halted: Pick<HaltedStream, 'projection' | 'stream' | 'revision' | 'reason' | 'attempts'>,
  delayMs: number,
): Promise<void> {
  await sql.query(
    `update read.halted_streams
        set revision = $3, reason = $4, attempts = $5, retry_at = now() + $6 * interval '1 millisecond'
      where projection = $1 and stream = $2`,
    [halted.projection, halted.stream, halted.revision, halted.reason, halted.attempts, delayMs],
    'update-halted-stream',
  );
}

export async function deleteHalted(sql: Sql, projection: string, stream: string): Promise<void> {
  await sql.query(
    `delete from read.halted_streams where projection = $1 and stream = $2`,
    [projection, stream],
    'delete-halted-stream',
  );
}
