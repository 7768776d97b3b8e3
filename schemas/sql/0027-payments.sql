-- Payments and refunds as each of their events left them: a read model, made again of the events at any time. An event has
-- its object whole, so a row says what the object was from then on: that is what it is as of a moment, and its history.
create table read.payment_states (
  ledger_id    text collate "C" not null,
  -- of the payment or refund
  id           text collate "C" not null,
  revision     bigint not null,
  recorded_ms  bigint not null,
  -- of the public history: what happened
  type         text collate "C" not null,
  facts        jsonb not null,
  primary key (ledger_id, id, revision)
);

-- As the last event left them, for lists.
create table read.payments (
  ledger_id         text collate "C" not null,
  id                text collate "C" not null,
  -- of the event that created it: the order of lists
  created_revision  bigint not null,
  created_ms        bigint not null,
  -- of the last event of it
  revision          bigint not null,
  status            text collate "C" not null,
  transfer_group    text collate "C",
  metadata          jsonb not null,
  facts             jsonb not null,
  primary key (ledger_id, id)
);
create index payments_newest on read.payments (ledger_id, created_revision);
create index payments_by_status on read.payments (ledger_id, status, created_revision);
create index payments_of_group on read.payments (ledger_id, transfer_group, created_revision)
  where transfer_group is not null;
create index payments_metadata on read.payments using gin (metadata jsonb_path_ops) where metadata <> '{}';

create table read.refunds (
  ledger_id         text collate "C" not null,
  id                text collate "C" not null,
  created_revision  bigint not null,
  created_ms        bigint not null,
  revision          bigint not null,
  payment_id        text collate "C" not null,
  status            text collate "C" not null,
  facts             jsonb not null,
  primary key (ledger_id, id)
);
create index refunds_newest on read.refunds (ledger_id, created_revision);
create index refunds_of_payment on read.refunds (ledger_id, payment_id, created_revision);
