-- When API keys were used last, as processes of the API write it about once a minute. No event says it, and nothing is
-- made of it: docs/decisions/0137-ends-and-rotations-of-api-keys.md
create table meta.api_key_uses (
  api_key_id  text collate "C" primary key,
  used_at     timestamptz not null
);
