-- The audit log: where what somebody did, or was refused, is said by an event. What a line says is made of the event when it is read, so
-- there are keys only: 52 bits of SHA-256 of what is meant, which lead to few rows too many and never to too few.
-- docs/decisions/0084-audit-log.md
--
-- A row is a run of revisions that follow one another and differ in nothing that is kept here: the more is booked at once, the fewer
-- rows there are. Runs of a stream never overlap.
create table read.audit_log (
  organization  bigint not null,
  recorded_ms   bigint not null,
  stream_key    bigint not null,
  first         bigint not null,
  last          bigint not null,
  -- of an event that says several things: such a row is of one event
  item          int not null,
  actor         bigint not null,
  action        bigint not null,
  -- null: no request brought it about
  origin        bigint
);
create unique index audit_log_by_time on read.audit_log (organization, recorded_ms, stream_key, first, item);
create index audit_log_by_actor on read.audit_log (organization, actor, recorded_ms, stream_key, first, item);
create index audit_log_by_action on read.audit_log (organization, action, recorded_ms, stream_key, first, item);
create index audit_log_by_origin on read.audit_log (organization, origin, recorded_ms, stream_key, first, item) where origin is not null;

-- Lines by what they are about, unless it has an id that its own event made: that one says where it is.
create table read.audit_log_names (
  organization  bigint not null,
  name          bigint not null,
  recorded_ms   bigint not null,
  stream_key    bigint not null,
  revision      bigint not null,
  item          int not null,
  -- whether the event says what became of it
  is_target     boolean not null
);
create index audit_log_names_by_name on read.audit_log_names (organization, name, recorded_ms, stream_key, revision, item);

-- The streams by their keys.
create table read.audit_log_streams (
  stream_key    bigint primary key,
  stream        text collate "C" not null,
  organization  bigint not null
);

-- Where requests came from. The first characters of a request's id, which events keep for ever, lead here; a row is kept for AUDIT_ORIGIN_DAYS.
-- One is used for at most an hour, so that what is left after that says nothing of anybody.
create table audit.request_origins (
  origin           text collate "C" primary key,
  organization_id  text collate "C" not null,
  ip               text collate "C" not null,
  user_agent       text,
  seen_at          timestamptz not null
);
create index request_origins_by_ip on audit.request_origins (organization_id, ip, seen_at desc);
create index request_origins_by_age on audit.request_origins (seen_at);
