-- The simulator of a rail: what it would know if it were another company's system. So nothing else reads it, it outlives
-- the processes that ask it, and no rebuild touches it. Times are those of the environment's clock.
create schema rails;

-- How it behaves in an environment; without a row: its defaults.
create table rails.simulator_settings (
  environment      text collate "C" primary key,
  fee_bps          integer not null check (fee_bps between 0 and 10000),
  fee_fixed        numeric not null check (fee_fixed >= 0),
  settlement_days  integer not null check (settlement_days between 0 and 365),
  dispute_fee      numeric not null check (dispute_fee >= 0)
);

create table rails.simulator_payments (
  environment     text collate "C" not null,
  reference       text collate "C" not null,
  payment         text collate "C" not null,
  payment_method  text collate "C" not null,
  currency        text collate "C" not null,
  amount          numeric not null,
  capture         boolean not null,
  state           text not null,
  -- when what is pending is decided
  decides_at      timestamptz,
  decline_code    text,
  -- of the page on which the payer acts
  token           text collate "C",
  return_url      text,
  captured        numeric not null default 0,
  refunded        numeric not null default 0,
  fee             numeric not null default 0,
  available_on    timestamptz,
  primary key (environment, reference)
);
create index simulator_payments_of_payment on rails.simulator_payments (environment, payment);
create unique index simulator_payments_by_token on rails.simulator_payments (token) where token is not null;

-- Each call once. An authorization's answer is that of its payment, as it is by then.
create table rails.simulator_calls (
  environment  text collate "C" not null,
  key          text collate "C" not null,
  reference    text collate "C" not null,
  answer       jsonb,
  primary key (environment, key)
);

-- What is paid to the bank, or kept back from it, and when.
create table rails.simulator_movements (
  environment  text collate "C" not null,
  number       bigint generated always as identity primary key,
  settles_on   timestamptz not null,
  currency     text collate "C" not null,
  kind         text not null,
  key          text collate "C" not null,
  reference    text collate "C" not null,
  gross        numeric not null,
  fee          numeric not null
);
create index simulator_movements_by_day on rails.simulator_movements (environment, currency, settles_on, number);

-- What it will say on its own.
create table rails.simulator_notices (
  environment  text collate "C" not null,
  number       bigint generated always as identity primary key,
  at           timestamptz not null,
  notice       jsonb not null
);
create index simulator_notices_in_order on rails.simulator_notices (environment, at, number);
