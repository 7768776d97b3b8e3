import { counterAt } from './counter-statement';

/*
 * The appends of several streams, all at exact revisions, in one statement: all of them, or none. No stream is waited
 * for: one that somebody else has locked counts as being elsewhere. So two joined appends never wait for one another's
 * streams, and one stream that is stuck holds up no other.
 *
 * Parameters: of the appends $1 names, $2 the revisions before, $3 the last ones after, $4 how many events are in later
 * appends; of the events $5 which append they are of (from 1), $6 revisions, $7 ids and $8 types (each the lines of one
 * text), $9 data and $10 metadata; $11 where the streams' rows were last (lines of one text, empty: not known), and
 * $12 the counter's.
 *
 * By place (ctid) and by subscript rather than by joins, so that no plan compares each with each, whatever the planner
 * takes the sizes to be.
 */
export const appendTogether = `
with locked as materialized (
  select given.number, given.last,
    coalesce(known.id, searched.id) as id, coalesce(known.place, searched.place) as place
  from unnest($1::text[], $2::bigint[], $3::bigint[], string_to_array($11, E'\\n', '')::tid[])
    with ordinality as given (name, before, last, place, number)
  left join lateral (
    select id, ctid as place from store.streams
    where ctid = given.place and name = given.name and revision = given.before
    for update skip locked offset 0
  ) known on true
  left join lateral (
    select id, ctid as place from store.streams
    where given.place is null and name = given.name and revision = given.before
    for update skip locked offset 0
  ) searched on true
  where coalesce(known.id, searched.id) is not null
),
found as materialized (
  select array_agg(id order by number) as ids, array_agg(number::int) as numbers,
    count(*) = cardinality($1::text[]) as is_all
  from locked
),
stream as (
  update store.streams set revision = locked.last from locked
  where streams.ctid = locked.place and (select is_all from found)
  returning locked.number, streams.ctid as place
),
stored as (
  insert into store.events (stream_id, revision, id, type, data, metadata)
  select (select ids from found)[event.append], event.revision, event.id, event.type, event.data, event.metadata
  from unnest(
    $5::int[], $6::bigint[], string_to_array($7, E'\\n')::uuid[], string_to_array($8, E'\\n'),
    $9::text[], $10::text[]
  ) as event (append, revision, id, type, data, metadata)
  where (select count(*) from stream) = cardinality($1::text[])
  returning 1
),
-- Nothing stored although a stream went on, which can't be: the counter does not, which is refused.${counterAt(
  '(select count(*) from stored)',
  '$12',
  '(select count(*) from stored) + (select count(*) from stream) > 0',
)},
-- Durable whatever the server's default is.
durable as (
  select set_config('synchronous_commit', 'on', true) where current_setting('synchronous_commit') = 'off'
),
placed as (
  insert into store.appends (last_position, stream_id, first_revision, last_revision)
  select counter.last - given.later, (select ids from found)[given.number], given.before + 1, given.last
  from counter cross join unnest($2::bigint[], $3::bigint[], $4::bigint[]) with ordinality
    as given (before, last, later, number)
  left join durable on true
)
select is_all, numbers, (select string_agg(place::text, E'\\n' order by number) from stream) as places,
  (select place from counter) as counter_place
from found`;
