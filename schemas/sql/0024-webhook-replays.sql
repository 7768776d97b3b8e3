-- Replays: earlier events are sent to an endpoint, once more or for the first time. docs/decisions/0062-webhook-replays.md
create table hooks.replays (
  id               text collate "C" primary key,
  endpoint_id      text collate "C" not null,
  organization_id  text collate "C" not null,
  -- what was asked for, as it is shown
  asked            jsonb not null,
  -- names of types, a line each
  types            text not null,
  -- of events, by when they were recorded: from inclusive, to exclusive
  from_ms          bigint not null,
  to_ms            bigint not null,
  state            text not null check (state in ('running', 'done', 'canceled')),
  total            bigint not null,
  -- how many were put into the lane of the replay, and what became of them
  queued           bigint not null default 0,
  sent             bigint not null default 0,
  failed           bigint not null default 0,
  -- messages that were waiting anyway
  already_pending  bigint not null default 0,
  created_ms       bigint not null,
  ended_ms         bigint
);
-- One at a time for an endpoint.
create unique index replays_running on hooks.replays (endpoint_id) where state = 'running';

-- Up to where each stream was taken, and up to where it goes.
create table hooks.replay_streams (
  replay_id    text collate "C" not null,
  stream       text collate "C" not null,
  taken        bigint not null,
  recorded_ms  bigint not null,
  last         bigint not null,
  primary key (replay_id, stream)
);
create index replay_streams_open on hooks.replay_streams (replay_id, stream) where taken < last;

-- While a message waits in the lane of a replay: which one, and its place there.
alter table hooks.messages add column replay_id text collate "C", add column replay_number bigint;
create index messages_of_replay on hooks.messages (replay_id, replay_number) where replay_id is not null;
