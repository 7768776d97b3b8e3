-- Bank accounts, statements and their lines as each of their events left them: a read model, made again of the events at any time.
-- Personal fields are in it as events have them, encrypted (0040).
create table read.bank_states (
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
create table read.bank_statement_lines (
  ledger_id         text collate "C" not null,
  id                text collate "C" not null,
  -- of the event that created it: the order of lists
  created_revision  bigint not null,
  created_ms        bigint not null,
  -- of the last event of it
  revision          bigint not null,
  status            text collate "C" not null,
  currency          text collate "C" not null,
  statement         text collate "C" not null,
  facts             jsonb not null,
  primary key (ledger_id, id)
);
create index bank_statement_lines_newest on read.bank_statement_lines (ledger_id, created_revision);
create index bank_statement_lines_parked on read.bank_statement_lines (ledger_id, created_revision) where status = 'parked';
create index bank_statement_lines_of_statement on read.bank_statement_lines (ledger_id, statement, created_revision);

create table read.bank_statements (
  ledger_id         text collate "C" not null,
  id                text collate "C" not null,
  created_revision  bigint not null,
  created_ms        bigint not null,
  revision          bigint not null,
  bank_account      text collate "C" not null,
  facts             jsonb not null,
  primary key (ledger_id, id)
);
create index bank_statements_newest on read.bank_statements (ledger_id, created_revision);
