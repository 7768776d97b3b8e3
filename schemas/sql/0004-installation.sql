-- One row about this database as a whole. `meta` is made by the migration runner.
create table meta.installation (
  is_only boolean primary key default true check (is_only),
  -- HMAC of a constant under the API key pepper: tells a wrong pepper before every key is refused.
  pepper_fingerprint text not null,
  created_at timestamptz not null default now()
);
