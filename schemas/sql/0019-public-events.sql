-- Where the public events of each organization are: what GET /v1/events lists. Filled by the projection `public_events`, from the first
-- event on, and only added to. What an event says is made of the event itself when it is read. docs/decisions/0054-public-events.md
--
-- A row is a run of revisions that follow one another, of one type and recorded in one millisecond: the more is booked at once, the
-- fewer rows there are. Lists are merged from one index range per type, newest first.
create table read.public_events (
  organization_key  uuid not null,
  recorded_ms       bigint not null,
  -- 53 bits of SHA-256 of the stream's name, the first 40 of which are in ids
  stream_key        bigint not null,
  first             bigint not null,
  last              bigint not null,
  type              text collate "C" not null
);
create unique index public_events_by_time on read.public_events (organization_key, type, recorded_ms, stream_key, first);
create index public_events_by_stream on read.public_events (stream_key, type, recorded_ms, first);

-- The streams by their keys.
create table read.public_event_streams (
  organization_key  uuid not null,
  stream_key        bigint not null,
  stream            text collate "C" not null,
  primary key (organization_key, stream_key)
);

-- Events by the names of what they are about, unless it is an id that their own event made: that one says where it is.
create table read.public_event_names (
  organization_key  uuid not null,
  recorded_ms       bigint not null,
  stream_key        bigint not null,
  revision          bigint not null,
  name              text collate "C" not null,
  type              text collate "C" not null
);
create index public_event_names_by_name on read.public_event_names (organization_key, name, recorded_ms, stream_key, revision);
