-- Who sends which message, apart from the messages: a claim is a row of its own, so that sending one changes the row of
-- its message, and all its indexes, once. A crash of PostgreSQL empties the table: what was claimed is free.
-- docs/decisions/0064-batches-of-claims.md
create unlogged table hooks.claims (
  message_id        text collate "C" primary key,
  endpoint_id       text collate "C" not null,
  is_replayed       boolean not null,
  -- until then the message is being sent
  claimed_until_ms  bigint not null,
  -- whose session holds it: one whose session has ended sends nothing any more
  claimed_by        bigint not null
);
create index claims_of_endpoint on hooks.claims (endpoint_id);
-- With their indexes. A dispatcher of before can't claim any more.
alter table hooks.messages drop column claimed_until_ms, drop column claimed_by;

-- Tests, of which there are few beside what waits in order.
create index messages_tests on hooks.messages (endpoint_id) where sequence is null and status = 'pending';

-- When they were given: values that no endpoint has in use any more are deleted after a while.
alter table hooks.header_values add column kept_at timestamptz not null default now();

-- When the event was recorded, from which its id follows; null: it was parked before.
alter table hooks.parked add column recorded_ms bigint;
