-- A lease ends with the Postgres session of its owner: the server closes that at once when the process is killed, while one that is only slow keeps it.
-- Null: an owner of an earlier release, whose leases end by time alone.
alter table writer.lease_owners
  add column session_pid integer,
  -- Numbers of server processes are used again; never from the same moment on.
  add column session_started_at timestamptz;

-- A session of another role shows no time: then its number counts.
create view writer.living_owners as
select owner.owner_id, owner.instance_id, owner.address
from writer.lease_owners owner
where owner.expires_at > clock_timestamp()
  and (owner.session_pid is null or exists (
    select from pg_stat_get_activity(owner.session_pid) session
    where coalesce(session.backend_start, owner.session_started_at) = owner.session_started_at
  ));
