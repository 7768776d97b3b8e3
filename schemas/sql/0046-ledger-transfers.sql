-- Transfers between ledgers as each of their events left them, in the ledger that the money leaves: a read model, made
-- again of the events at any time. A row says what the transfer was from then on.
create table read.ledger_transfer_states (
  ledger_id     text collate "C" not null,
  id            text collate "C" not null,
  revision      bigint not null,
  recorded_ms   bigint not null,
  -- by the clock of the environment
  effective_ms  bigint not null,
  type          text collate "C" not null,
  facts         jsonb not null,
  primary key (ledger_id, id, revision)
);

-- As the last event left them, for lists over all ledgers of an environment.
create table read.ledger_transfers (
  organization_id  text collate "C" not null,
  ledger_id        text collate "C" not null,
  id               text collate "C" not null,
  revision         bigint not null,
  created_ms       bigint not null,
  status           text collate "C" not null,
  to_ledger_id     text collate "C" not null,
  currency         text collate "C" not null,
  amount           numeric not null,
  metadata         jsonb not null,
  facts            jsonb not null,
  primary key (ledger_id, id)
);
create index ledger_transfers_by_id on read.ledger_transfers (id);
create index ledger_transfers_newest on read.ledger_transfers (organization_id, created_ms, id);
create index ledger_transfers_from on read.ledger_transfers (ledger_id, created_ms, id);
create index ledger_transfers_to on read.ledger_transfers (to_ledger_id, created_ms, id);
create index ledger_transfers_by_status on read.ledger_transfers (organization_id, status, created_ms, id);
create index ledger_transfers_open on read.ledger_transfers (id) where status = 'pending';
create index ledger_transfers_metadata on read.ledger_transfers using gin (metadata jsonb_path_ops)
  where metadata <> '{}';

-- What became of them in the ledger that they arrive in.
create table read.ledger_transfer_arrivals (
  ledger_id    text collate "C" not null,
  id           text collate "C" not null,
  revision     bigint not null,
  is_received  boolean not null,
  facts        jsonb not null,
  primary key (ledger_id, id)
);
create index ledger_transfer_arrivals_by_id on read.ledger_transfer_arrivals (id);

-- What their events have booked on the transit accounts of each ledger, in the normal direction of those: over all
-- ledgers it is what is open.
create table read.ledger_transfer_transit (
  organization_id  text collate "C" not null,
  ledger_id        text collate "C" not null,
  account          text collate "C" not null,
  currency         text collate "C" not null,
  booked           numeric not null,
  primary key (ledger_id, account)
);
