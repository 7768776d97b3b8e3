import { counterAt } from './counter-statement';

/*
 * One append, one round trip. The stream's row is locked and checked first, then the events are stored (beside other streams'
 * appends), and only then positions are taken: the lock on the one row of `position` is held for little more than the commit.
 *
 * Parameters: $1 name, $2 number of events, $3 ids and $4 types (each the lines of one text), $5 data and $6 metadata
 * (arrays; in the binary format nothing is escaped and parsed), and for the exact one $7, the expected revision, and
 * $8, the place of the counter's row.
 */
const events = (counter: string): string => `
stored as (
  insert into store.events (stream_id, revision, id, type, data, metadata)
  select stream.id, stream.revision_before + event.number, event.id, event.type, event.data, event.metadata
  from stream, unnest(
    string_to_array($3, E'\\n')::uuid[], string_to_array($4, E'\\n'), $5::text[], $6::text[]
  ) with ordinality as event (id, type, data, metadata, number)
  returning 1
),
${counter},
-- Durable whatever the server's default is.
durable as (
  select set_config('synchronous_commit', 'on', true) where current_setting('synchronous_commit') = 'off'
)
insert into store.appends (last_position, stream_id, first_revision, last_revision)
select counter.last, stream.id, stream.revision_before + 1, stream.revision_before + $2::bigint
from counter, stream left join durable on true
returning (select place from stream) as place, (select place from counter) as counter_place`;

const isStored = '(select count(*) from stored) > 0';

/** Inserts one row into `appends`, or does nothing when the stream is not at revision $7. */
export const appendAtRevision = `
with stream as (
  update store.streams set revision = revision + $2::bigint where name = $1 and revision = $7::bigint
  returning id, revision - $2::bigint as revision_before, ctid as place
),${events(counterAt('$2::bigint', '$8', isStored))}`;

/** The same by the place $9 of the stream's row; does nothing either when the row is not there any more. */
export const appendAtPlace = appendAtRevision.replace(
  'where name = $1 and revision = $7::bigint',
  'where ctid = $9::tid and name = $1 and revision = $7::bigint',
);

/** Inserts one row into `appends`, or does nothing when the stream exists. */
export const appendNewStream = `
with stream as (
  insert into store.streams (name, revision) values ($1, $2::bigint - 1) on conflict (name) do nothing
  returning id, -1::bigint as revision_before, ctid as place
),${events(counterAt('$2::bigint', 'null', isStored))}`;
