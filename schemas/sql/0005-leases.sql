-- Who writes which stream (libs/leases). For liveness only: what keeps two writers apart is the expected revision of every append.
-- One heartbeat per process, however many streams it writes; times are the database's.
create table writer.lease_owners (
  owner_id text primary key,
  -- Of what at most one process is at a time (a data folder, a pod name); a new owner of it replaces the one before at once.
  instance_id text,
  -- Where the process takes commands from others.
  address text not null,
  expires_at timestamptz not null
) with (fillfactor = 50);

create table writer.leases (
  stream text primary key,
  -- Null: given up. May name an owner that has expired or is gone: then the lease is free too.
  owner_id text,
  -- Counts the changes of owner.
  epoch bigint not null
) with (fillfactor = 80);

create index leases_owner on writer.leases (owner_id) where owner_id is not null;
