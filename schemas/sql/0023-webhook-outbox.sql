-- What is sent to webhook endpoints, and what became of it. No read model: a rebuild leaves it as it is, so that nothing is sent twice
-- because of one. docs/decisions/0059-webhook-outbox.md and 0061-webhook-dispatcher.md
create schema hooks;

-- The values of headers that are sent along, sealed with a key of the installation. Events name them by `ref`.
create table hooks.header_values (
  ref              text collate "C" primary key,
  organization_id  text collate "C" not null,
  sealed           text not null
);

-- How sending goes, by endpoint. Whoever numbers or claims its messages holds its row.
create table hooks.endpoints (
  id                 text collate "C" primary key,
  last_sequence      bigint not null default 0,
  -- attempts in a row that failed, over all messages; the end of the first of them; while the circuit is open, when one may be made
  failures           int not null default 0,
  failing_since_ms   bigint,
  probe_at_ms        bigint,
  -- up to where a backlog was skipped
  skipped_before_ms  bigint not null default 0,
  -- why it is to be disabled, and since when, until its organization's stream says so
  disable_because    text,
  disable_since_ms   bigint
);

-- Up to where each stream was taken for each endpoint.
create table hooks.cursors (
  endpoint_id   text collate "C" not null,
  stream        text collate "C" not null,
  revision      bigint not null,
  -- of the last public event that was looked at: none before it is new
  recorded_ms   bigint not null,
  primary key (endpoint_id, stream)
);

create table hooks.messages (
  id                text collate "C" primary key,
  endpoint_id       text collate "C" not null,
  organization_id   text collate "C" not null,
  -- null: a test
  sequence          bigint,
  event_id          text collate "C" not null,
  type              text collate "C" not null,
  -- what it is about: the order of `per_object`
  object            text collate "C" not null,
  -- when what it tells of was recorded
  event_ms          bigint not null,
  created_ms        bigint not null,
  -- exactly what is sent, for ever
  body              text not null,
  status            text not null check (status in ('pending', 'succeeded', 'failed', 'skipped')),
  -- attempts in all, and those of the schedule that it is in
  attempts          int not null default 0,
  step              int not null default 0,
  next_at_ms        bigint not null,
  -- until then somebody is sending it
  claimed_until_ms  bigint
);
create unique index messages_by_sequence on hooks.messages (endpoint_id, sequence);
create index messages_by_time on hooks.messages (endpoint_id, created_ms, coalesce(sequence, 0), id);
create index messages_due on hooks.messages (endpoint_id, next_at_ms) where status = 'pending';
create index messages_pending on hooks.messages (endpoint_id, sequence) where status = 'pending';
create index messages_pending_of_object on hooks.messages (endpoint_id, object, sequence) where status = 'pending';
create index messages_claimed on hooks.messages (endpoint_id) where claimed_until_ms is not null;

create table hooks.attempts (
  message_id  text collate "C" not null,
  number      int not null,
  at_ms       bigint not null,
  ms          int not null,
  -- null: there was no answer
  status      int,
  error       text,
  -- the first 1 KB of the answer; null: there was none, or it is not kept
  response    bytea,
  primary key (message_id, number)
);

-- Events of which no message could be made, with the reason; the others went on.
create table hooks.parked (
  endpoint_id  text collate "C" not null,
  stream       text collate "C" not null,
  revision     bigint not null,
  type         text collate "C" not null,
  reason       text not null,
  at_ms        bigint not null,
  primary key (endpoint_id, stream, revision, type)
);
