-- Customers and their saved payment methods as each of their events left them: a read model, made again of the events at any time. Personal
-- fields are in it as events have them, encrypted (0040).
create table read.customer_states (
  ledger_id    text collate "C" not null,
  -- of the customer or payment method
  id           text collate "C" not null,
  revision     bigint not null,
  -- by the clock of the environment
  effective_ms bigint not null,
  -- of the history: what happened
  type         text collate "C" not null,
  facts        jsonb not null,
  primary key (ledger_id, id, revision)
);

-- As the last event left them, for lists; those who were deleted are in none.
create table read.customers (
  ledger_id         text collate "C" not null,
  id                text collate "C" not null,
  -- of the event that created it: the order of lists
  created_revision  bigint not null,
  created_ms        bigint not null,
  -- of the last event of it
  revision          bigint not null,
  is_deleted        boolean not null,
  -- the sealed text, by which privacy.lookups finds it
  email             text collate "C",
  metadata          jsonb not null,
  facts             jsonb not null,
  primary key (ledger_id, id)
);
create index customers_newest on read.customers (ledger_id, created_revision) where not is_deleted;
create index customers_email on read.customers (ledger_id, email) where email is not null;
create index customers_metadata on read.customers using gin (metadata jsonb_path_ops) where metadata <> '{}';

create table read.payment_methods (
  ledger_id         text collate "C" not null,
  id                text collate "C" not null,
  created_revision  bigint not null,
  revision          bigint not null,
  customer_id       text collate "C" not null,
  is_detached       boolean not null,
  facts             jsonb not null,
  primary key (ledger_id, id)
);
create index payment_methods_of_customer on read.payment_methods (ledger_id, customer_id, created_revision)
  where not is_detached;

-- Payments that name a customer.
create index payments_of_customer on read.payments (ledger_id, (facts ->> 'customer'), created_revision)
  where facts ->> 'customer' is not null;
