-- Transfers to connected accounts as the last event left them, for lists; what they were is in read.payment_states (0027).
create table read.transfers (
  ledger_id         text collate "C" not null,
  id                text collate "C" not null,
  -- of the event that created it: the order of lists
  created_revision  bigint not null,
  created_ms        bigint not null,
  -- of the last event of it
  revision          bigint not null,
  destination       text collate "C" not null,
  source_payment    text collate "C",
  transfer_group    text,
  metadata          jsonb not null,
  facts             jsonb not null,
  primary key (ledger_id, id)
);
create index transfers_newest on read.transfers (ledger_id, created_revision);
create index transfers_of_account on read.transfers (ledger_id, destination, created_revision);
create index transfers_of_payment on read.transfers (ledger_id, source_payment, created_revision)
  where source_payment is not null;
create index transfers_of_group on read.transfers (ledger_id, transfer_group, created_revision)
  where transfer_group is not null;
create index transfers_metadata on read.transfers using gin (metadata jsonb_path_ops) where metadata <> '{}';
