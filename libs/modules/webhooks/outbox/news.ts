import { organizationPrefix } from '@fintech-ledger/envelope';
import { organizationKey, streamKey } from '@fintech-ledger/events';
import type { RenderedEvent } from '@fintech-ledger/events';
import type { Sql } from '@fintech-ledger/postgres';
import type { WhereNews } from './news-watch';
import type { EndpointFacts } from '@fintech-ledger/webhooks/domain';
import { webhookEndpointsName } from '../read-model/endpoints-projection';

/**
 * Streams, by endpoint, that one look finds, in all and of one organization: they take turns, so that what one has to
 * catch up with keeps back no other.
 */
const [newsFoundMax, newsOfOrganizationMax] = [200, 40];
/** Runs of events taken of one of them, and messages made of those. */
const [runsTakenMax, messagesMadeMax] = [100, 200];

/** A stream of which there is more than was taken for an endpoint. */
export interface News {
  readonly endpoint: EndpointFacts;
  readonly organizationId: string;
  /** The organization is a live one. */
  readonly isLive: boolean;
  readonly createdMs: number;
  readonly skipBeforeMs: number;
  readonly stream: string;
  /** The last revision that was taken; -1: none. */
  readonly taken: number;
  /** When it was recorded; none before it is new. */
  readonly takenMs: number;
  /** The last one that the read model has. */
  readonly reached: number;
  /** Up to where the read model of endpoints has the stream of the organization; -1: nothing of it. */
  readonly endpointsAt: number;
}
export interface Found {
  readonly news: readonly News[];
  /** Of these there is more than was found. */
  readonly behind: ReadonlySet<string>;
  /** There is more of some organization. */
  readonly isMore: boolean;
}

interface NewsRow {
  readonly endpoint: EndpointFacts;
  readonly organization_id: string;
  readonly is_live: boolean;
  readonly created_ms: string;
  readonly skip_before_ms: string;
  readonly stream: string;
  readonly taken: string;
  readonly taken_ms: string;
  readonly reached: string;
  readonly endpoints_at: string;
  readonly turn: string;
}

/**
 * Where there is more: streams are taken one by one, in the order of their revisions, in which nothing comes late. A
 * rebuild begins with less than was taken, so nothing of it is new. Of an organization in no order, so that streams
 * that can't be read keep back none; the first ones of all organizations come first. Endpoints, how far they are read
 * and how far streams go are of one moment.
 * @param where which streams are compared
 */
export async function findNews(sql: Sql, where: WhereNews = 'anywhere'): Promise<Found> {
  const isSome = where !== 'anywhere';
  const { rows } = await sql.query<NewsRow>(
    `with behind as (
       select e.id, s.stream, c.revision as taken, c.recorded_ms as taken_ms, k.revision as reached,
            row_number() over (partition by e.organization_id order by random()) as turn
       from read.webhook_endpoints e
       join read.public_event_streams s
         on s.organization_key = substr(encode(sha256(convert_to(e.organization_id, 'UTF8')), 'hex'), 1, 32)::uuid
       join read.checkpoints k on k.projection = 'public_events' and k.stream = s.stream
       left join hooks.cursors c on c.endpoint_id = e.id and c.stream = s.stream
      where e.deleted_ms is null and k.revision > coalesce(c.revision, -1)
            ${isSome ? `and s.stream_key = any (string_to_array($1, ',')::bigint[])` : ''}
     ), found as (
       select * from behind where turn <= ${newsOfOrganizationMax + 1}
        order by turn, random() limit ${newsFoundMax + 1})
     select e.endpoint, e.organization_id, o.parent_id is null as is_live, e.created_ms, e.skip_before_ms,
            f.stream, coalesce(f.taken, -1) as taken, coalesce(f.taken_ms, 0) as taken_ms, f.reached, f.turn,
            coalesce(k.revision, -1) as endpoints_at
       from found f
       join read.webhook_endpoints e on e.id = f.id
       join read.organizations o on o.id = e.organization_id
       left join read.checkpoints k on k.projection = '${webhookEndpointsName}'
                                   and k.stream = '${organizationPrefix}' || e.organization_id
      order by f.turn`,
    isSome ? [where.join(',')] : [],
    isSome ? 'webhook-news-of-streams' : 'webhook-news',
  );
  const isBeyond = ({ turn }: NewsRow): boolean => Number(turn) > newsOfOrganizationMax;
  const behind = new Set(rows.filter(isBeyond).map((row) => row.organization_id));
  const within = rows.filter((row) => !isBeyond(row)).slice(0, newsFoundMax);
  return { news: within.map(newsOf), behind, isMore: within.length < rows.length };
}

function newsOf(row: NewsRow): News {
  return {
    endpoint: row.endpoint,
    organizationId: row.organization_id,
    isLive: row.is_live,
    createdMs: Number(row.created_ms),
    skipBeforeMs: Number(row.skip_before_ms),
    stream: row.stream,
    taken: Number(row.taken),
    takenMs: Number(row.taken_ms),
    reached: Number(row.reached),
    endpointsAt: Number(row.endpoints_at),
  };
}

export async function hasEndpoints(sql: Sql): Promise<boolean> {
  const { rows } = await sql.query(
    'select from read.webhook_endpoints where deleted_ms is null limit 1',
    [],
    'has-webhook-endpoints',
  );
  return rows.length > 0;
}

/** A public event that is to be told. */
export interface NewPlace {
  readonly revision: number;
  readonly type: string;
  readonly recordedMs: number;
}
/** What is told of one place, or why nothing can be. */
export interface Told extends NewPlace {
  readonly rendered: RenderedEvent | { readonly reason: string };
}

export interface Taken {
  /** By revision. */
  readonly places: readonly NewPlace[];
  /** Up to where that is all there is. */
  readonly through: number;
  readonly throughMs: number;
}

interface RunRow {
  readonly first: string | null;
  readonly last: string;
  readonly type: string;
  readonly recorded_ms: string;
  readonly reached: string;
}

/** What is wanted of a stream. */
export interface Wanted {
  readonly organizationId: string;
  readonly stream: string;
  /** The last revision that was taken; -1: none. */
  readonly taken: number;
  /** By when it was recorded: inclusive, and exclusive. */
  readonly fromMs: number;
  readonly toMs?: number;
  /** Nothing beyond it is wanted. */
  readonly last?: number;
}

/**
 * What comes next of a stream, of these types; both what there is and how far it goes are of one moment. Within a
 * stream and a type the order of time is that of revisions, so no more is read than is taken.
 */
export async function takeNews(
  sql: Sql,
  { organizationId, stream, taken, fromMs, toMs = Number.MAX_SAFE_INTEGER, last }: Wanted,
  types: readonly string[],
): Promise<Taken> {
  const { rows } = await sql.query<RunRow>(
    `select k.revision as reached, r.*
       from read.checkpoints k
       left join lateral (
         select e.* from unnest(string_to_array($4, E'\\n')) as t (type)
          cross join lateral (
            select p.first, p.last, p.type, p.recorded_ms from read.public_events p
             where p.stream_key = $2 and p.organization_key = $3::uuid and p.type = t.type
               and p.recorded_ms >= $5 and p.recorded_ms < $6 and p.last > $7
             order by p.recorded_ms, p.first limit ${runsTakenMax}) e
          order by e.first limit ${runsTakenMax}) r on true
      where k.projection = 'public_events' and k.stream = $1`,
    [stream, streamKey(stream), organizationKey(organizationId), types.join('\n'), fromMs, toMs, taken],
    'take-webhook-news',
  );
  const reached = Number(rows[0]?.reached ?? -1);
  const runs = rows.flatMap((row) =>
    row.first === null
      ? []
      : [
          {
            first: Number(row.first),
            last: Number(row.last),
            type: row.type,
            recordedMs: Number(row.recorded_ms),
          },
        ],
  );
  return cut(runs, taken, last === undefined ? reached : Math.min(reached, last), fromMs);
}

interface Run extends Omit<NewPlace, 'revision'> {
  readonly first: number;
  readonly last: number;
}

/** So many that one transaction takes them, and none of a revision without the others of it. Pure. */
export function cut(runs: readonly Run[], taken: number, reached: number, takenMs: number): Taken {
  const starts = runs.map(({ first }) => Math.max(first, taken + 1));
  // Where there may be more runs than came, what is at the first of the last one may not be all.
  let known = runs.length < runsTakenMax ? reached : Math.min(reached, (runs.at(-1)?.first ?? 0) - 1);
  for (const [index, { last }] of runs.entries()) {
    const end = (starts[index] ?? 0) + messagesMadeMax - 1;
    if (last > end) known = Math.min(known, end);
  }
  const places: NewPlace[] = [];
  for (const [index, { last, type, recordedMs }] of runs.entries())
    for (let revision = starts[index] ?? 0; revision <= Math.min(last, known); revision += 1)
      places.push({ revision, type, recordedMs });
  places.sort((a, b) => a.revision - b.revision || (a.type < b.type ? -1 : 1));
  const beyond = places[messagesMadeMax];
  const through =
    beyond === undefined || beyond.revision === places[0]?.revision ? known : beyond.revision - 1;
  const within = places.filter(({ revision }) => revision <= through);
  return { places: within, through, throughMs: within.at(-1)?.recordedMs ?? takenMs };
}
