-- Payouts as the last event left them, for lists; what they were is among the states of payments.
create table read.payouts (
  ledger_id         text collate "C" not null,
  id                text collate "C" not null,
  created_revision  bigint not null,
  created_ms        bigint not null,
  revision          bigint not null,
  status            text collate "C" not null,
  currency          text collate "C" not null,
  metadata          jsonb not null,
  facts             jsonb not null,
  primary key (ledger_id, id)
);
create index payouts_newest on read.payouts (ledger_id, created_revision);
