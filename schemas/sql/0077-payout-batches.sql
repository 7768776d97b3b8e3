-- Payouts that go by bank, of a day and a currency together: what the bank is told. A read model, made again of the events at any time.
create table read.payout_batches (
  ledger_id         text collate "C" not null,
  id                text collate "C" not null,
  -- of the event that made it, after which nothing of it changes: the order of lists
  created_revision  bigint not null,
  created_ms        bigint not null,
  revision          bigint not null,
  currency          text collate "C" not null,
  facts             jsonb not null,
  primary key (ledger_id, id)
);
create index payout_batches_newest on read.payout_batches (ledger_id, created_revision);

-- The payouts of a batch, in the order of its file.
create index payouts_by_bank on read.payouts (ledger_id, currency, (facts ->> 'sendsAt'), created_revision)
  where facts ->> 'rail' = 'bank_transfer';
