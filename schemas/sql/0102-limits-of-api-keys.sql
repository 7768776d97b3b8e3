-- When API keys expire, where they may be used from, and the secrets that rotations replaced and that open until a time:
-- docs/decisions/0137-ends-and-rotations-of-api-keys.md
alter table read.api_keys
  add column expires_ms         bigint,
  add column allowed_ips        jsonb,
  add column secret_generation  integer not null default 1,
  -- [{generation, hmac, until}], the youngest first
  add column older_secrets      jsonb not null default '[]';
