-- The event store. One append = one row in `appends` and one row per event in `events`, in one statement
-- (libs/event-store/src/adapters/postgres/append-statements.ts). Reasons and numbers: docs/decisions/0002.
create schema store;

-- Updated by every append: the free space keeps those updates within the page (heap-only tuples).
create table store.streams (
  id bigint generated always as identity primary key,
  name text not null unique,
  -- of the last event; 0 is the first
  revision bigint not null
) with (fillfactor = 50);

-- How many events there are, in one row. Its lock is held from the taking of positions to the commit, so positions become
-- visible in their order and without holes. A sequence would give neither.
create table store.position (
  is_only_row boolean primary key default true check (is_only_row),
  last bigint not null
) with (fillfactor = 10);
insert into store.position (last) values (0);

-- The only index is the one that orders a stream. There is none on position (`appends` has the order of the store) and none
-- on id (a repeated append is found at the revisions where it must be). No foreign keys: `stream_id` comes from the row
-- that the same statement has locked.
create table store.events (
  stream_id bigint not null,
  revision bigint not null,
  id uuid not null,
  type text not null,
  -- JSON texts, kept byte for byte: jsonb would reorder keys and so break the hash chain
  data text not null,
  metadata text not null,
  primary key (stream_id, revision)
);

-- The store's total order: positions last_position - (last_revision - first_revision) to last_position.
create table store.appends (
  last_position bigint primary key,
  stream_id bigint not null,
  first_revision bigint not null,
  last_revision bigint not null,
  unique (stream_id, last_revision)
);

-- lz4 compresses large events several times faster than pglz; not every build of Postgres has it.
do $$
begin
  alter table store.events alter column data set compression lz4, alter column metadata set compression lz4;
exception
  when feature_not_supported then null;
end $$;
