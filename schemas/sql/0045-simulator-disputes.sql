-- What payers dispute at the simulator: known to it when a payment is captured, and told when its time has come.
create table rails.simulator_disputes (
  environment        text collate "C" not null,
  reference          text collate "C" not null,
  payment            text collate "C" not null,
  payment_reference  text collate "C" not null,
  currency           text collate "C" not null,
  opens_at           timestamptz not null,
  -- void: all of it was refunded before
  state              text not null default 'scheduled'
                       check (state in ('scheduled', 'open', 'under_review', 'won', 'lost', 'void')),
  amount             numeric not null default 0,
  fee                numeric not null default 0,
  primary key (environment, reference)
);
create unique index simulator_disputes_of_payment on rails.simulator_disputes (environment, payment);
