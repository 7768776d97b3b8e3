import type { Sql } from '@fintech-ledger/postgres';
import type { EventFeed, FeedToken } from '@fintech-ledger/event-feed';
import type { ChainHead } from './chain-head';
import { compare } from './compare';
import { takeTogether } from './moves-alike';
import type { CheckpointMove, MovesAlike } from './moves-alike';
import { membersOf, regroupCheckpoints } from './regroup-checkpoints';

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
 * Moves the checkpoints of a batch, all or none, in a pipelined transaction. Of two projectors the second waits here for
 * the first, and then finds that it has lost.
 * @throws CheckpointMoved a checkpoint is not where this projector believed it to be
 */
export async function moveCheckpoints(sql: Sql, moves: readonly CheckpointMove[]): Promise<void> {
  const { alike, others } = takeTogether(moves);
  const apart = await Promise.all(alike.map((group) => moveAlike(sql, group)));
  await regroupCheckpoints(sql, [...others, ...apart.flat()]);
}

/**
 * One row for each stream, whatever the number of its projections: with many streams in a batch this is much of its
 * work.
 * @returns the moves of streams in which these projections, and no others, don't share a row there
 */
async function moveAlike(
  sql: Sql,
  { projections, advances }: MovesAlike,
): Promise<readonly CheckpointMove[]> {
  const rows = advances.toSorted((a, b) => compare(a.stream, b.stream));
  const [leader = ''] = projections.toSorted();
  const { rows: apart } = await sql.query<{ stream: string }>(
    `with given as (
       select * from unnest(string_to_array($3, E'\\n'), string_to_array($4, E'\\n')::bigint[],
                            string_to_array($5, E'\\n')::bigint[], string_to_array($6, E'\\n', ''))
                  as given (stream, revision, previous, hash)),
     -- Row by row: with a plan made when there were few streams, a join reads those of all.
     held as materialized (
       select given.*, row.place
         from given
         cross join lateral (
           select ctid as place from read.checkpoint_rows
            where stream = given.stream and projection = $1 offset 0) row),
     moved as (
       update read.checkpoint_rows c set revision = held.revision, previous = held.previous, hash = held.hash
         from held
        where c.ctid = held.place and c.leader is null
          and c.members is not distinct from $2 and c.revision = held.previous
       returning c.stream)
     select stream from given where stream not in (select stream from moved)`,
    [
      leader,
      projections.length === 1 ? null : membersOf(projections),
      lines(rows.map(({ stream }) => stream)),
      lines(rows.map(({ to }) => to)),
      lines(rows.map(({ from }) => from)),
      lines(rows.map(({ hash }) => hash ?? '')),
    ],
    'move-checkpoints-alike',
  );
  if (apart.length === 0) return [];
  const streams = new Set(apart.map(({ stream }) => stream));
  const left = rows.filter(({ stream }) => streams.has(stream));
  return projections.map((projection) => ({ projection, advances: left }));
}

/** Forgets where a projection stands, in all streams. */
export function deleteCheckpointsOf(sql: Sql, projection: string): Promise<void> {
  return deleteCheckpoints(sql, (row) => `${row}.projection = $1`, [projection]);
}

/** Forgets where projections stand in a stream, but for those that are `kept`. */
export function deleteCheckpointsIn(sql: Sql, stream: string, kept: readonly string[]): Promise<void> {
  const of = (row: string): string =>
    `${row}.stream = $1 and ${row}.projection <> all (string_to_array($2, E'\\n'))`;
  return deleteCheckpoints(sql, of, [stream, lines(kept)]);
}

/** Within a transaction. Those that shared a row with what is deleted keep their places. */
async function deleteCheckpoints(
  sql: Sql,
  isOf: (row: string) => string,
  values: readonly string[],
): Promise<void> {
  const isGone = (row: string): string =>
    `exists (select from gone o where o.stream = ${row}.stream and o.projection = ${row}.projection)`;
  // With these locked nobody changes what shares a row with them; only a statement that begins then sees what did.
  await sql.query(
    `select count(*) from (select from read.checkpoint_rows c where ${isOf('c')}
                            order by stream, projection for update) locked`,
    values,
  );
  await sql.query(
    `with gone as (
       delete from read.checkpoint_rows c where ${isOf('c')}
       returning c.stream, c.projection, c.leader, c.revision, c.previous, c.hash),
     followed as (
       update read.checkpoint_rows c set leader = null, revision = g.revision, previous = g.previous, hash = g.hash
         from gone g where c.stream = g.stream and c.leader = g.projection and not ${isGone('c')})
     update read.checkpoint_rows c set members = ''
       from gone g where c.stream = g.stream and c.projection = g.leader and not ${isGone('c')}`,
    values,
  );
}

/** The place in a shared feed from which on nothing is left out for any of these projections. */
export async function reachedByAll(
  { db, feed, after }: { readonly db: Sql; readonly feed: EventFeed; readonly after: FeedToken | undefined },
  projections: readonly string[],
): Promise<FeedToken | undefined> {
  // All rows are of another version, which this process leaves as they are.
  if (projections.length === 0) return after;
  const { rows } = await db.query<{ feed_token: FeedToken | null }>(
    `select feed_token from read.projections where name = any (string_to_array($1, E'\\n'))`,
    [lines(projections)],
    'select-feed-tokens',
  );
  return feed.earliest?.(rows.map(({ feed_token: token }) => token ?? undefined));
}

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
