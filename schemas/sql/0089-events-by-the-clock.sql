-- When public events of sandboxes were created by the clock of the sandbox, which is what they show: `from` and `to` of GET /v1/events go
-- by it. Null: when they were recorded, as all events of live organizations. Rows that are there already get it by the rebuild that
-- version 2 of the projection asks for.
alter table read.public_events add column created_ms bigint;
alter table read.public_event_names add column created_ms bigint;

-- Both times never go back within a stream, so the ends of a window lead to where a list begins and ends in the order of recording.
create index public_events_by_clock on read.public_events (organization_key, stream_key, created_ms, recorded_ms)
  where created_ms is not null;
