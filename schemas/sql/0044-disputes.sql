-- Disputes as the last event left them, for lists; what they were is among the states of payments.
create table read.disputes (
  ledger_id         text collate "C" not null,
  id                text collate "C" not null,
  created_revision  bigint not null,
  created_ms        bigint not null,
  revision          bigint not null,
  status            text collate "C" not null,
  payment_id        text collate "C" not null,
  metadata          jsonb not null,
  facts             jsonb not null,
  primary key (ledger_id, id)
);
create index disputes_newest on read.disputes (ledger_id, created_revision);
create index disputes_of_payment on read.disputes (ledger_id, payment_id);

-- What is owed, by disputes that were lost, refunds and fees: few of all balances.
create index balances_negative on read.balances (ledger_id, owner, currency, bucket) where amount < 0;
