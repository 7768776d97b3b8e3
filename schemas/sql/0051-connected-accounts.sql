-- Connected accounts as each of their events left them: a read model, made again of the events at any time. Personal fields are in it as
-- events have them, encrypted (0040).
create table read.connected_account_states (
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

-- As the last event left them, for lists.
create table read.connected_accounts (
  ledger_id         text collate "C" not null,
  id                text collate "C" not null,
  -- of the event that created it: the order of lists
  created_revision  bigint not null,
  created_ms        bigint not null,
  -- of the last event of it
  revision          bigint not null,
  type              text collate "C" not null,
  status            text collate "C" not null,
  metadata          jsonb not null,
  facts             jsonb not null,
  primary key (ledger_id, id)
);
create index connected_accounts_newest on read.connected_accounts (ledger_id, created_revision);
create index connected_accounts_metadata on read.connected_accounts using gin (metadata jsonb_path_ops) where metadata <> '{}';
