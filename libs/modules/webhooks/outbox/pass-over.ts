import { organizationKey } from '@fintech-ledger/events';
import type { Database } from '@fintech-ledger/postgres';
import { lockEndpoint } from './keep-messages';
import type { News } from './news';
import type { WhereNews } from './news-watch';

/** Streams that one statement passes over. */
const passedMax = 5_000;

/**
 * Moves the cursors of an endpoint to where streams are that have nothing to tell it, in one statement: a new endpoint
 * is behind on every stream of its organization, and to look at them one by one takes long. What there is and how far
 * it goes are of one moment, as in `takeNews`; a cursor that somebody else has moved since stays. Who does it holds the
 * row of the endpoint, so that no two wait for each other's cursors.
 * @param types the types that it is told
 * @param where which streams are looked at
 * @returns the streams
 */
export function passOver(
  db: Database,
  { endpoint, organizationId, createdMs }: Pick<News, 'endpoint' | 'organizationId' | 'createdMs'>,
  types: readonly string[],
  where: WhereNews,
): Promise<ReadonlySet<string>> {
  const isSome = where !== 'anywhere';
  return db.transaction(async (sql) => {
    await lockEndpoint(sql, endpoint.id);
    const { rows } = await sql.query<{ stream: string }>(
      `with passed as materialized (
         select s.stream, k.revision, c.revision as taken, greatest(coalesce(c.recorded_ms, 0), $4) as recorded_ms
           from read.public_event_streams s
           join read.checkpoints k on k.projection = 'public_events' and k.stream = s.stream
           left join hooks.cursors c on c.endpoint_id = $1 and c.stream = s.stream
          where s.organization_key = $2::uuid and k.revision > coalesce(c.revision, -1)
            ${isSome ? `and s.stream_key = any (string_to_array($5, ',')::bigint[])` : ''}
            and not exists (
              select from unnest(string_to_array($3, E'\\n')) as t (type)
                join read.public_events p
                  on p.stream_key = s.stream_key and p.organization_key = s.organization_key and p.type = t.type
               where p.recorded_ms >= greatest(coalesce(c.recorded_ms, 0), $4)
                 and p.last > coalesce(c.revision, -1))
          limit ${passedMax}),
       moved as (
         update hooks.cursors c set revision = p.revision, recorded_ms = p.recorded_ms
           from passed p where c.endpoint_id = $1 and c.stream = p.stream and c.revision = p.taken
         returning c.stream),
       begun as (
         insert into hooks.cursors (endpoint_id, stream, revision, recorded_ms)
         select $1, stream, revision, recorded_ms from passed where taken is null
         on conflict do nothing
         returning stream)
       select stream from moved union all select stream from begun`,
      [
        ...[endpoint.id, organizationKey(organizationId), types.join('\n'), createdMs],
        ...(isSome ? [where.join(',')] : []),
      ],
      isSome ? 'pass-over-webhook-news-of-streams' : 'pass-over-webhook-news',
    );
    return new Set(rows.map(({ stream }) => stream));
  });
}
