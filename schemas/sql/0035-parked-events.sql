-- Events that a reader could not take have ids, so that operators can retry or discard them.
alter table read.halted_streams
  add column id text collate "C" not null default 'prk_' || replace(gen_random_uuid()::text, '-', '');
create unique index halted_streams_by_id on read.halted_streams (id);

alter table hooks.parked
  add column id text collate "C" not null default 'prk_' || replace(gen_random_uuid()::text, '-', ''),
  -- 'parked', 'sent' once a message could be made, or 'discarded'
  add column state text not null default 'parked' check (state in ('parked', 'sent', 'discarded')),
  add column attempts int not null default 0,
  add column discarded_ms bigint,
  add column discarded_by text,
  add column discard_reason text;
create unique index parked_by_id on hooks.parked (id);
create index parked_by_time on hooks.parked (state, at_ms desc, id desc);

-- When a read model last got on: one that is behind and does not is an alarm, and one that is only behind is none.
alter table read.projections add column progressed_at timestamptz not null default now();
