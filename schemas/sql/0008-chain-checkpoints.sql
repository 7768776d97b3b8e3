-- A revision alone is no identity: a store that was put back and written anew has other events under the same numbers. Readers keep the chain hash of
-- the event that they have applied. Null: a checkpoint from before; it gets its hash from the event store at the projector's next start.
alter table read.checkpoints add column hash text;

-- Streams that a projection (or a relay, as `relay:<topic>`) can't go on with; all others go on. They are read again from the event store.
create table read.halted_streams (
  projection  text not null,
  stream      text collate "C" not null,
  -- The first one that is not applied.
  revision    bigint not null,
  reason      text not null,
  since       timestamptz not null default now(),
  -- 0: it is being looked at for the first time, which most often ends it.
  attempts    integer not null default 0,
  retry_at    timestamptz not null default now(),
  primary key (stream, projection)
) with (fillfactor = 50);

-- Streams whose history was accepted anew. A topic may still hold events of the old one: records carry the generation of their stream, and those of
-- an earlier one count for nothing.
create table read.rebuilt_streams (
  stream      text collate "C" primary key,
  generation  integer not null,
  rebuilt_at  timestamptz not null default now()
);

-- What each running projector says of what it has read: a lag must not grow because nothing happens.
create table read.projector_looks (
  projector   uuid not null,
  projection  text not null,
  looked_at   timestamptz not null,
  -- When the oldest event was recorded that it has read and not applied; null: it has applied all that it knows of.
  waiting_ms  bigint,
  primary key (projection, projector)
) with (fillfactor = 50);

-- What a topic has of each stream, so that an event that does not follow is never sent after it.
create table relay.streams (
  topic     text not null,
  stream    text collate "C" not null,
  revision  bigint not null,
  hash      text not null,
  primary key (topic, stream)
) with (fillfactor = 50);

-- Which making of the topic this is; records carry it. Empty: a topic from before.
alter table relay.checkpoints add column epoch text not null default '';
