-- Balances of payments, and the lines that they consist of: read models, made again of the events at any time. Times are
-- those of the environment, whose clock may be moved.
alter table read.payment_states add column effective_ms bigint;

-- What there is from an event on, as its entries say it.
create table read.balance_states (
  ledger_id     text collate "C" not null,
  owner         text collate "C" not null,
  -- available, pending, reserved, in_transit
  bucket        text collate "C" not null,
  currency      text collate "C" not null,
  revision      bigint not null,
  effective_ms  bigint not null,
  amount        numeric not null,
  primary key (ledger_id, owner, bucket, currency, revision)
);

-- The same as it is now: in which currencies there is anything.
create table read.balances (
  ledger_id     text collate "C" not null,
  owner         text collate "C" not null,
  bucket        text collate "C" not null,
  currency      text collate "C" not null,
  amount        numeric not null,
  primary key (ledger_id, owner, bucket, currency)
);

create table read.balance_transactions (
  ledger_id     text collate "C" not null,
  id            text collate "C" not null,
  owner         text collate "C" not null,
  revision      bigint not null,
  -- among the lines of its event
  number        integer not null,
  effective_ms  bigint not null,
  type          text collate "C" not null,
  amount        numeric not null,
  fee           numeric not null,
  currency      text collate "C" not null,
  livemode      boolean not null,
  source        text collate "C" not null,
  -- with which it becomes available; null: it was from the beginning
  settlement    text collate "C",
  available_ms  bigint not null,
  -- of the event by which it became so; null: it is pending
  settled_revision  bigint,
  settled_ms        bigint,
  primary key (ledger_id, id)
);
create index balance_transactions_newest on read.balance_transactions (ledger_id, owner, revision, number);
create index balance_transactions_of_source on read.balance_transactions (ledger_id, source, revision);
create index balance_transactions_pending on read.balance_transactions (ledger_id, settlement)
  where settled_revision is null and settlement is not null;
