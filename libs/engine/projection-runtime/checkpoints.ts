import type { Sql } from '@fintech-ledger/postgres';
import type { FeedToken } from '@fintech-ledger/event-feed';
import type { ChainHead } from './chain-head';
import { CheckpointMoved } from './errors';
import { takeTogether } from './moves-alike';
import type { CheckpointMove, MovesAlike } from './moves-alike';

const lines = (values: readonly (string | number)[]): string => values.join('\n');

/** Where a projection stands in these streams; a stream without a checkpoint is left out. */
export async function selectCheckpoints(
  sql: Sql,
  projection: string,
  streams: readonly string[],
): Promise<ReadonlyMap<string, ChainHead>> {
  const { rows } = await sql.query<{ stream: string; revision: string; hash: string | null }>(
    `select stream, revision, hash from read.checkpoints
      where projection = $1 and stream = any (string_to_array($2, E'\\n'))`,
    [projection, lines(streams)],
    'select-checkpoints',
  );
  return new Map(
    rows.map(({ stream, revision, hash }) => [
      stream,
      { revision: Number(revision), hash: hash ?? undefined },
    ]),
  );
}

/**
 * Moves the checkpoints of a batch, all or none, in a pipelined transaction by statements sent at once. It locks their rows in one order, so of two projectors the second waits here for the first
 * and then finds that it has lost.
 * @throws CheckpointMoved a checkpoint is not where this projector believed it to be
 */
export async function moveCheckpoints(sql: Sql, moves: readonly CheckpointMove[]): Promise<void> {
  const { alike, others } = takeTogether(moves);
  await Promise.all([...alike.map((group) => moveAlike(sql, group)), moveOneByOne(sql, others)]);
}

/**
 * One line for each stream, whatever the number of its projections: with many streams in a batch this is much of its
 * work.
 */
async function moveAlike(sql: Sql, { projections, advances }: MovesAlike): Promise<void> {
  const rows = advances.toSorted((a, b) => compare(a.stream, b.stream));
  const { rowCount } = await sql.query(
    `update read.checkpoints c set revision = moved.revision, previous = moved.previous, hash = moved.hash
       from unnest(string_to_array($2, E'\\n'), string_to_array($3, E'\\n')::bigint[],
                   string_to_array($4, E'\\n')::bigint[], string_to_array($5, E'\\n', ''))
         as moved (stream, revision, previous, hash)
      where c.stream = moved.stream and c.projection = any (string_to_array($1, E'\\n'))
        and c.revision = moved.previous`,
    [
      lines(projections),
      lines(rows.map(({ stream }) => stream)),
      lines(rows.map(({ to }) => to)),
      lines(rows.map(({ from }) => from)),
      lines(rows.map(({ hash }) => hash ?? '')),
    ],
    'move-checkpoints-alike',
  );
  if (rowCount !== rows.length * projections.length) throw movedBy(rows[0]);
}

async function moveOneByOne(sql: Sql, moves: readonly CheckpointMove[]): Promise<void> {
  const rows = moves
    .flatMap(({ projection, advances }) => advances.map((advance) => ({ projection, ...advance })))
    .sort((a, b) => compare(a.stream, b.stream) || compare(a.projection, b.projection));
  if (rows.length === 0) return;
  const { rows: moved } = await sql.query<{ created: boolean; previous: string }>(
    `insert into read.checkpoints as c (projection, stream, revision, previous, hash)
     select * from unnest(string_to_array($1, E'\\n'), string_to_array($2, E'\\n'), string_to_array($3, E'\\n')::bigint[],
                          string_to_array($4, E'\\n')::bigint[], string_to_array($5, E'\\n', ''))
     on conflict (stream, projection) do update
       set revision = excluded.revision, previous = excluded.previous, hash = excluded.hash
       where c.revision = excluded.previous
     returning (xmax = 0) as created, previous`,
    [
      lines(rows.map(({ projection }) => projection)),
      lines(rows.map(({ stream }) => stream)),
      lines(rows.map(({ to }) => to)),
      lines(rows.map(({ from }) => from)),
      lines(rows.map(({ hash }) => hash ?? '')),
    ],
    'move-checkpoints',
  );
  if (moved.length !== rows.length || moved.some(({ created, previous }) => created && previous !== '-1')) {
    throw movedBy(rows[0]);
  }
}

function movedBy(first: { readonly stream: string } | undefined): CheckpointMoved {
  return new CheckpointMoved(`another projector has moved a checkpoint of ${first?.stream ?? ''} and others`);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Keeps how far projections have read the feed; their rows hold everything up to the token. */
export async function saveFeedToken(
  sql: Sql,
  projections: readonly string[],
  token: FeedToken,
  recordedMs: number | null,
): Promise<void> {
  const values = [lines(projections), token, recordedMs];
  // The token of a shared feed is a JSON object by part: each process moves its own parts.
  if (token.startsWith('{')) await sql.query(mergeFeedToken, values, 'merge-feed-token');
  else await sql.query(replaceFeedToken, values, 'save-feed-token');
}

const replaceFeedToken = `
update read.projections
   set feed_token = $2, recorded_ms = coalesce($3, recorded_ms), state = 'running', last_error = null, updated_at = now(),
       progressed_at = now()
 where name = any (string_to_array($1, E'\\n'))`;

// Locked in one order, because several processes do this at once. What one of them says is halted is left to be seen.
const mergeFeedToken = `
with locked as (
  select name from read.projections where name = any (string_to_array($1, E'\\n')) order by name for update
)
update read.projections p
   set feed_token = case when p.feed_token like '{%' then (p.feed_token::jsonb || $2::text::jsonb)::text else $2::text end,
       recorded_ms = coalesce($3, p.recorded_ms),
       state = case when p.state = 'halted' then p.state else 'running' end,
       last_error = case when p.state = 'halted' then p.last_error end,
       updated_at = now(), progressed_at = now()
  from locked where locked.name = p.name`;
