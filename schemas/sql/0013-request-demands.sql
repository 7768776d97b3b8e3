-- How much of its limits each organization and API key asks of each process (libs/engine/http/admission). Written once a
-- second by processes that are asked for much; worth nothing after a crash, so it is not logged.
create unlogged table meta.request_demands (
  process  uuid primary key,
  -- By organization or key, and what is limited: the part of the limit that was asked for.
  demands  jsonb not null,
  told_at  timestamptz not null default clock_timestamp()
) with (fillfactor = 50);
