/**
 * Renews owner $1 (instance $2, address $3) for $4 milliseconds, and binds it to the session that this runs on.
 * Returns one row when it was living.
 */
export const renewOwner = `
with before as (
  select from writer.living_owners where owner_id = $1
),
renewed as (
  insert into writer.lease_owners (owner_id, instance_id, address, expires_at, session_pid, session_started_at)
  select $1, $2, $3, clock_timestamp() + $4::integer * interval '1 millisecond', session.pid, session.backend_start
  from pg_stat_get_activity(pg_backend_pid()) session
  on conflict (owner_id) do update set expires_at = excluded.expires_at,
    session_pid = excluded.session_pid, session_started_at = excluded.session_started_at
)
select from before`;

/** Renews owner $1 for $2 milliseconds, on whatever connection. Returns one row when it was living. */
export const extendOwner = `
with before as (
  select from writer.living_owners where owner_id = $1
),
extended as (
  update writer.lease_owners set expires_at = clock_timestamp() + $2::integer * interval '1 millisecond'
  where owner_id = $1
)
select from before`;

/** When owner $1 begins: its predecessors in instance $2 are gone, and so are owners that expired long ago. */
export const removeGoneOwners = `
delete from writer.lease_owners
where owner_id <> $1 and (instance_id = $2 or expires_at < clock_timestamp() - interval '1 hour')`;

/** The living owner of stream $1, without waiting for anybody; for forwarding, once per command. */
export const livingOwner = `
select lease.epoch, owner.owner_id, owner.address
from writer.leases lease join writer.living_owners owner on owner.owner_id = lease.owner_id
where lease.stream = $1`;

/** Every process that can take a stream. */
export const livingOwners = `
select address from writer.living_owners order by owner_id`;

export const createLease = `
insert into writer.leases (stream, epoch) values ($1, 0) on conflict (stream) do nothing`;

// Locked first and judged in a later statement, which sees what the one that held the lock has committed.
export const lockLease = `select from writer.leases where stream = $1 for update`;

/** Gives the locked lease of stream $1 to owner $2. */
export const takeLease = `
update writer.leases set owner_id = $2, epoch = epoch + case when owner_id = $2 then 0 else 1 end
where stream = $1 returning epoch`;

export const releaseLease = `update writer.leases set owner_id = null where stream = $1 and owner_id = $2`;
export const removeOwner = `delete from writer.lease_owners where owner_id = $1`;
// An owner that is about to take one has judged this one before it came back: that is waited for.
export const heldLeases = `select stream from writer.leases where owner_id = $1 for share`;
