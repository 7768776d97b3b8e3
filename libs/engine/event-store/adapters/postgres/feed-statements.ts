/**
 * The appends after position $1 to streams with one of the prefixes $3, among the next $2 appends. The last of those comes even
 * when it is not wanted: it says how far this has looked. `scanned`: how many there were.
 */
export const appendsAfter = `
with scanned as (
  select last_position, stream_id, first_revision, last_revision
  from store.appends where last_position > $1::bigint order by last_position limit $2::bigint
),
named as (
  select scanned.*, stream.name, stream.name ^@ any ($3::text[]) as is_wanted
  from scanned join store.streams stream on stream.id = scanned.stream_id
)
select named.*, (select count(*) from scanned) as scanned from named
where is_wanted or last_position = (select max(last_position) from scanned) order by last_position`;

/** The events of the ranges $1, $2, $3 (stream, first and last revision) until $4 bytes are passed. `offset 0`: see read-stream.ts */
export const eventsOf = `
with sized as (
  select wanted.number, event.*,
    sum(octet_length(event.data) + octet_length(event.metadata)) over (order by wanted.number, event.revision) as bytes
  from unnest($1::bigint[], $2::bigint[], $3::bigint[]) with ordinality as wanted (stream_id, low, high, number)
  cross join lateral (
    select e.revision, e.id, e.type, e.data, e.metadata from store.events e
    where e.stream_id = wanted.stream_id and e.revision between wanted.low and wanted.high offset 0
  ) event
)
select number, revision, id, type, data, metadata from sized
where bytes - octet_length(data) - octet_length(metadata) <= $4::bigint
order by number, revision`;

/** How many events lie after position $1, but for those that say whose store it is: nobody waits for them. */
export const countAfter = `
select position.last - $1::bigint - coalesce((
  select sum(own.last_revision - own.first_revision + 1)
  from store.streams stream join store.appends own on own.stream_id = stream.id
  where stream.name = 'installation' and own.last_position > $1::bigint
), 0) as count
from store.position position`;
