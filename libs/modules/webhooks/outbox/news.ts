import type { RenderedEvent } from '@fintech-ledger/events';
import type { Sql } from '@fintech-ledger/postgres';
import type { EndpointFacts } from '@fintech-ledger/webhooks/domain';

/** Streams that one look finds, runs of events that are taken of one of them, and messages that are made of those. */
const [streamsFoundMax, runsTakenMax, messagesMadeMax] = [200, 100, 200];

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
}

/**
 * Where there is more: streams are taken one by one, in the order of their revisions, in which nothing comes late. A
 * rebuild begins with less than was taken, so nothing of it is new. In no order, so that streams that can't be read
 * keep back none.
 */
export async function findNews(sql: Sql): Promise<readonly News[]> {
  const { rows } = await sql.query<NewsRow>(
    `select e.endpoint, e.organization_id, o.parent_id is null as is_live, e.created_ms, e.skip_before_ms,
            s.stream, coalesce(c.revision, -1) as taken,
            coalesce(c.recorded_ms, 0) as taken_ms, k.revision as reached
       from read.webhook_endpoints e
       join read.organizations o on o.id = e.organization_id
       join read.public_event_streams s
         on s.organization_key = substr(encode(sha256(convert_to(e.organization_id, 'UTF8')), 'hex'), 1, 32)::uuid
       join read.checkpoints k on k.projection = 'public_events' and k.stream = s.stream
       left join hooks.cursors c on c.endpoint_id = e.id and c.stream = s.stream
      where e.deleted_ms is null and k.revision > coalesce(c.revision, -1)
      order by random() limit ${streamsFoundMax}`,
    [],
    'webhook-news',
  );
  return rows.map((row) => ({
    endpoint: row.endpoint,
    organizationId: row.organization_id,
    isLive: row.is_live,
    createdMs: Number(row.created_ms),
    skipBeforeMs: Number(row.skip_before_ms),
    stream: row.stream,
    taken: Number(row.taken),
    takenMs: Number(row.taken_ms),
    reached: Number(row.reached),
  }));
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

/** What comes next of a stream, of these types; both what there is and how far it goes are of one moment. */
export async function takeNews(
  sql: Sql,
  { createdMs, stream, taken, takenMs }: News,
  streamKey: number,
  types: readonly string[],
): Promise<Taken> {
  const { rows } = await sql.query<RunRow>(
    `select k.revision as reached, r.*
       from read.checkpoints k
       left join lateral (
         select e.first, e.last, e.type, e.recorded_ms from read.public_events e
          where e.stream_key = $2 and e.type = any (string_to_array($3, E'\\n')) and e.recorded_ms >= $4 and e.last > $5
            and exists (select from read.public_event_streams s
                         where s.organization_key = e.organization_key and s.stream_key = e.stream_key
                           and s.stream = $1)
          order by e.first limit ${runsTakenMax}) r on true
      where k.projection = 'public_events' and k.stream = $1`,
    [stream, streamKey, types.join('\n'), Math.max(createdMs, takenMs), taken],
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
  return cut(runs, taken, reached, takenMs);
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
