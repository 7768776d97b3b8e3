import { organizationKey } from '@fintech-ledger/events';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { lockEndpoint } from './keep-messages';
import type { News } from './news';
import type { WhereNews } from './news-watch';

/** Streams that one statement passes over. */
const passedMax = 5_000;

export interface PassedOver {
  /** Whose cursors these are. */
  readonly to: Pick<News, 'endpoint' | 'organizationId' | 'createdMs'>;
  /** The types that it is told. */
  readonly types: readonly string[];
  /** Which streams are looked at. */
  readonly where: WhereNews;
  /** Asked after they were: whether the types are still those that it is told. */
  readonly isCurrent: () => Promise<boolean>;
}

interface PassedRow {
  readonly stream: string;
  readonly revision: string;
  readonly taken: string | null;
  readonly recorded_ms: string;
}

/**
 * Moves the cursors of an endpoint to where streams are that have nothing to tell it, many at once: a new endpoint is
 * behind on every stream of its organization, and to look at them one by one takes long. A cursor that somebody else
 * has moved since they were found stays.
 * @returns the streams
 */
export async function passOver(db: Database, passed: PassedOver): Promise<ReadonlySet<string>> {
  const found = await findPassed(db, passed);
  if (found.length === 0 || !(await passed.isCurrent())) return new Set();
  return moveCursors(db, passed.to.endpoint.id, found);
}

/** What there is and how far it goes are of one moment, as in `takeNews`. */
async function findPassed(
  sql: Sql,
  { to: { endpoint, organizationId, createdMs }, types, where }: PassedOver,
): Promise<readonly PassedRow[]> {
  const isSome = where !== 'anywhere';
  const { rows } = await sql.query<PassedRow>(
    `select s.stream, k.revision, c.revision as taken, greatest(coalesce(c.recorded_ms, 0), $4) as recorded_ms
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
      limit ${passedMax}`,
    [
      ...[endpoint.id, organizationKey(organizationId), types.join('\n'), createdMs],
      ...(isSome ? [where.join(',')] : []),
    ],
    isSome ? 'pass-over-webhook-news-of-streams' : 'pass-over-webhook-news',
  );
  return rows;
}

/** Who does it holds the row of the endpoint, so that no two wait for each other's cursors. */
function moveCursors(db: Database, id: string, found: readonly PassedRow[]): Promise<ReadonlySet<string>> {
  return db.transaction(async (sql) => {
    await lockEndpoint(sql, id);
    const { rows } = await sql.query<{ stream: string }>(
      `with passed as materialized (
         select * from json_to_recordset($2::json)
                    as r (stream text, revision bigint, taken bigint, recorded_ms bigint)),
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
      [id, JSON.stringify(found)],
      'move-webhook-cursors',
    );
    return new Set(rows.map(({ stream }) => stream));
  });
}
