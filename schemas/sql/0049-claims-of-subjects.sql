-- A key is there before the event that names its subject, and what it is found by, too. Until that event is known to be there, both are
-- claimed by the request that made them: what is left of a request that was refused, or died, is taken away again.
-- docs/decisions/0080-keys-wait-for-their-event.md
alter table privacy.subject_keys
  -- of the last request that uses it; null: an event names the subject
  add column claim       text collate "C",
  add column claimed_at  timestamptz;
alter table privacy.lookups
  add column claim       text collate "C",
  add column claimed_at  timestamptz;
create index subject_keys_claimed on privacy.subject_keys (claimed_at) where claim is not null;
create index lookups_claimed on privacy.lookups (claimed_at) where claim is not null;

-- Those in which personal values are.
create index ledgers_managed on read.ledgers (organization_id) where managed is not null;
