import type { Sql } from '@fintech-ledger/postgres';
import type { HaltCode } from './halt-codes';

/** A stream that a projection (or a relay, as `relay:<topic>`) can't go on with. */
export interface HaltedStream {
  /** As which operators know it. */
  readonly id: string;
  readonly projection: string;
  readonly stream: string;
  /** The first one that is not applied. */
  readonly revision: number;
  /** Which event, why, and what to do. */
  readonly reason: string;
  readonly code: HaltCode;
  readonly since: Date;
  /** How often it was tried again; 0: that has not happened yet, and most often ends it. */
  readonly attempts: number;
  /** Null: an operator has said that it is not to be tried again. */
  readonly retryAt: Date | null;
  /** By the database's clock. */
  readonly isDue: boolean;
}

interface HaltedRow {
  readonly id: string;
  readonly projection: string;
  readonly stream: string;
  readonly revision: string;
  readonly reason: string;
  readonly code: HaltCode;
  readonly since: Date;
  readonly attempts: number;
  readonly retry_at: Date | null;
  readonly is_due: boolean;
}

const columns =
  'id, projection, stream, revision, reason, code, since, attempts, retry_at, retry_at <= now() as is_due';
const view = ({ revision, retry_at, is_due, ...row }: HaltedRow): HaltedStream => ({
  ...row,
  revision: Number(revision),
  retryAt: retry_at,
  isDue: is_due,
});

/**
 * The streams that these projections (absent: all that queries read, and relays) can't go on with, the oldest first.
 * Projections are named with their sides.
 */
export async function selectHaltedStreams(
  sql: Sql,
  options: { readonly projections?: readonly string[]; readonly limit: number },
): Promise<readonly HaltedStream[]> {
  const { rows } = await sql.query<HaltedRow>(
    `select ${columns} from read.halted_streams
      where case when $1::text is not null then projection = any (string_to_array($1, E'\\n'))
                 else not exists (select from read.projections p
                                   where p.name = split_part(projection, ':', 1)
                                     and projection <> case p.side when 'b' then p.name || ':b' else p.name end) end
      order by since, stream, projection limit $2`,
    [options.projections?.join('\n') ?? null, options.limit],
    'select-halted-streams',
  );
  return rows.map(view);
}

/** Notes that a stream is halted. One that does already keeps since when, and how often it was tried. */
export async function insertHalted(
  sql: Sql,
  halted: Pick<HaltedStream, 'projection' | 'stream' | 'revision' | 'reason' | 'code'>,
): Promise<void> {
  await sql.query(
    `insert into read.halted_streams as h (projection, stream, revision, reason, code) values ($1, $2, $3, $4, $5)
     on conflict (stream, projection) do nothing`,
    [halted.projection, halted.stream, halted.revision, halted.reason, halted.code],
    'insert-halted-stream',
  );
}

/** Notes that a stream is halted on every side of a projection that has it. */
export async function insertHaltedOnSides(
  sql: Sql,
  halted: Pick<HaltedStream, 'projection' | 'stream' | 'revision' | 'reason' | 'code'>,
): Promise<void> {
  await sql.query(
    `insert into read.halted_streams (projection, stream, revision, reason, code)
     select k.projection, k.stream, $3, $4, $5 from read.checkpoints k
      where k.stream = $2 and split_part(k.projection, ':', 1) = $1
     on conflict (stream, projection) do nothing`,
    [halted.projection, halted.stream, halted.revision, halted.reason, halted.code],
  );
}

/** It was tried again without success: the next time is after `delayMs`. */
export async function updateHalted(
  sql: Sql,
  halted: Pick<HaltedStream, 'projection' | 'stream' | 'revision' | 'reason' | 'code' | 'attempts'>,
  delayMs: number,
): Promise<void> {
  await sql.query(
    `update read.halted_streams
        set revision = $3, reason = $4, attempts = $5, retry_at = now() + $6 * interval '1 millisecond', code = $7
      where projection = $1 and stream = $2`,
    [
      ...[halted.projection, halted.stream, halted.revision, halted.reason, halted.attempts, delayMs],
      halted.code,
    ],
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
