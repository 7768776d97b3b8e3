-- Each version of a split rule: a read model, made again of the events at any time.
create table read.split_rule_states (
  ledger_id    text collate "C" not null,
  id           text collate "C" not null,
  revision     bigint not null,
  -- by the clock of the environment
  effective_ms bigint not null,
  -- of the history: what happened
  type         text collate "C" not null,
  version      integer not null,
  facts        jsonb not null,
  primary key (ledger_id, id, revision)
);
create unique index split_rule_states_version on read.split_rule_states (ledger_id, id, version);

-- As the last event left them, for lists.
create table read.split_rules (
  ledger_id         text collate "C" not null,
  id                text collate "C" not null,
  -- of the event that created it: the order of lists
  created_revision  bigint not null,
  created_ms        bigint not null,
  -- of the last event of it
  revision          bigint not null,
  facts             jsonb not null,
  primary key (ledger_id, id)
);
create index split_rules_newest on read.split_rules (ledger_id, created_revision);
