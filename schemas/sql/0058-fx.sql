-- Rates, quotes and conversions as each of their events left them: a read model, made again of the events at any time.
create table read.fx_states (
  ledger_id    text collate "C" not null,
  id           text collate "C" not null,
  revision     bigint not null,
  -- by the clock of the environment
  effective_ms bigint not null,
  -- of the history: what happened
  type         text collate "C" not null,
  facts        jsonb not null,
  primary key (ledger_id, id, revision)
);

-- A rate never changes: the later one counts.
create table read.fx_rates (
  ledger_id         text collate "C" not null,
  id                text collate "C" not null,
  -- of the event that set it: the order of lists
  created_revision  bigint not null,
  created_ms        bigint not null,
  revision          bigint not null,
  base              text collate "C" not null,
  quote             text collate "C" not null,
  valid_from_ms     bigint not null,
  facts             jsonb not null,
  primary key (ledger_id, id)
);
create index fx_rates_newest on read.fx_rates (ledger_id, created_revision);
-- The one in force at a moment: the last by this order.
create index fx_rates_in_force on read.fx_rates (ledger_id, base, quote, valid_from_ms, created_revision);

create table read.fx_quotes (
  ledger_id         text collate "C" not null,
  id                text collate "C" not null,
  created_revision  bigint not null,
  created_ms        bigint not null,
  -- of the last event of it
  revision          bigint not null,
  from_currency     text collate "C" not null,
  to_currency       text collate "C" not null,
  is_used           boolean not null,
  facts             jsonb not null,
  primary key (ledger_id, id)
);
create index fx_quotes_newest on read.fx_quotes (ledger_id, created_revision);

create table read.fx_conversions (
  ledger_id         text collate "C" not null,
  id                text collate "C" not null,
  created_revision  bigint not null,
  created_ms        bigint not null,
  revision          bigint not null,
  from_currency     text collate "C" not null,
  to_currency       text collate "C" not null,
  facts             jsonb not null,
  primary key (ledger_id, id)
);
create index fx_conversions_newest on read.fx_conversions (ledger_id, created_revision);

-- What the position accounts of a pair have from an event on, minor units; below zero: short of it.
create table read.fx_positions (
  ledger_id    text collate "C" not null,
  base         text collate "C" not null,
  quote        text collate "C" not null,
  -- one of the two
  currency     text collate "C" not null,
  revision     bigint not null,
  effective_ms bigint not null,
  amount       numeric not null,
  primary key (ledger_id, base, quote, currency, revision)
);
