-- Splits of payments as the last event left them, for lists; what they were is in read.payment_states (0027).
create table read.splits (
  ledger_id         text collate "C" not null,
  id                text collate "C" not null,
  -- of the event that created it: the order of lists
  created_revision  bigint not null,
  created_ms        bigint not null,
  -- of the last event of it
  revision          bigint not null,
  payment_id        text collate "C" not null,
  split_rule        text collate "C",
  metadata          jsonb not null,
  facts             jsonb not null,
  primary key (ledger_id, id)
);
create index splits_newest on read.splits (ledger_id, created_revision);
create index splits_of_payment on read.splits (ledger_id, payment_id, created_revision);
create index splits_of_rule on read.splits (ledger_id, split_rule, created_revision) where split_rule is not null;
create index splits_metadata on read.splits using gin (metadata jsonb_path_ops) where metadata <> '{}';

