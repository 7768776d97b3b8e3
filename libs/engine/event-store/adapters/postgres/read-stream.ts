import type { Sql } from '@fintech-ledger/postgres';
import { checkPage } from '../../check-page';
import { checkRead } from '../../check-read';
import { readBytesMax } from '../../limits';
import { globalPosition, revision, StreamTruncated } from '../../port';
import type { ReadOptions, RecordedEvent } from '../../port';
import { throwReadError } from './translate-error';

interface EventRow {
  readonly revision: string;
  readonly position: string;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/*
 * $1 name, $2 from (null: the stream's end), $3 limit, $4 bytes. Revisions have no holes, so a page is a range of them; the
 * events are looked up append by append, because it is the append that has the position. `offset 0` keeps that order of
 * work: joined on the stream alone, a page of single-event appends would compare every event with every append.
 * Sizes are known without reading compressed values, so what the byte limit cuts off costs nothing.
 */
const page = (bounds: string, order: 'asc' | 'desc'): string => `
with page as (select id, ${bounds} from store.streams where name = $1),
sized as (
  select event.*, sum(octet_length(event.data) + octet_length(event.metadata)) over (order by event.revision ${order}) as bytes
  from page
  join store.appends append
    on append.stream_id = page.id and append.last_revision >= page.low and append.first_revision <= page.high
  cross join lateral (
    select e.revision, append.last_position - append.last_revision + e.revision as position, e.id, e.type, e.data, e.metadata
    from store.events e
    where e.stream_id = append.stream_id
      and e.revision between greatest(append.first_revision, page.low) and least(append.last_revision, page.high)
    offset 0
  ) event
)
select revision, position, id, type, data, metadata from sized
where bytes - octet_length(data) - octet_length(metadata) <= $4::bigint
order by revision ${order}`;

const forwards = page('$2::bigint as low, $2::bigint + $3::bigint - 1 as high', 'asc');
const backwards = page(
  'least($2::bigint, revision) - $3::bigint + 1 as low, least($2::bigint, revision) as high',
  'desc',
);

const streamRevision = 'select revision from store.streams where name = $1';

/** @throws StoreUnavailable, StreamTruncated; RangeError for bad options */
export async function readStream(
  sql: Sql,
  stream: string,
  options: ReadOptions,
): Promise<readonly RecordedEvent[]> {
  checkRead(options);
  const events = checkPage(stream, options, await readPage(sql, stream, options));
  // An empty page is the end only if the stream says so too; an append may have come between the two questions.
  if (events.length > 0 || !(await shouldHaveEvents(sql, stream, options))) return events;
  const again = checkPage(stream, options, await readPage(sql, stream, options));
  if (again.length === 0) throw new StreamTruncated(stream, null);
  return again;
}

async function shouldHaveEvents(
  sql: Sql,
  stream: string,
  { from, direction }: ReadOptions,
): Promise<boolean> {
  const { rows } = await sql
    .query<{ revision: string }>(streamRevision, [stream], 'stream-revision')
    .catch(throwReadError);
  const last = Number(rows[0]?.revision ?? -1);
  return last >= (direction === 'backwards' ? 0 : (from ?? 0));
}

async function readPage(sql: Sql, stream: string, options: ReadOptions): Promise<readonly RecordedEvent[]> {
  const { from, limit, bytesMax = readBytesMax, direction = 'forwards' } = options;
  const { rows } = await (
    direction === 'forwards'
      ? sql.query<EventRow>(forwards, [stream, from ?? 0, limit, bytesMax], 'read-forwards')
      : sql.query<EventRow>(backwards, [stream, from ?? null, limit, bytesMax], 'read-backwards')
  ).catch(throwReadError);
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    data: row.data,
    metadata: row.metadata,
    stream,
    revision: revision(Number(row.revision)),
    position: globalPosition(row.position),
  }));
}
