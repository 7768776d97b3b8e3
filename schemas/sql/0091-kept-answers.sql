-- The first answers of requests that change something and whose keys no journal keeps: of operations without an event of
-- their own, and of imports. docs/decisions/0124-keys-of-operations-without-events.md
create table meta.kept_answers (
  -- the organization, or inside of a ledger <organization>/<ledger>
  scope         text collate "C" not null,
  -- the Idempotency-Key
  key           text collate "C" not null,
  -- SHA-256 of what is asked for
  request_hash  bytea not null,
  -- whose request does it, until there is an answer
  claim         uuid not null,
  -- when that request last said that it is being done
  claimed_at    timestamptz not null default clock_timestamp(),
  status        smallint,
  answer        text collate "C",
  primary key (scope, key)
);
