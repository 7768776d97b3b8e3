-- Who sends what, how fast, and what is cleaned up. docs/decisions/0063-webhook-rates.md
alter table hooks.messages
  -- whose session holds the claim: one whose session has ended sends nothing any more
  add column claimed_by bigint,
  -- what a replay put into its lane again, before that
  add column status_before text;
create index messages_by_claim on hooks.messages (claimed_by) where claimed_until_ms is not null;

-- When the endpoint would have had no attempt left of its rate, in milliseconds since 1970.
alter table hooks.endpoints add column rate_empty_at_ms double precision;

-- Attempts are kept for a while only.
create index attempts_by_time on hooks.attempts (at_ms);
