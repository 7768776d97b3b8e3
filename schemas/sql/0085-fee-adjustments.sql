-- What was adjusted of fees that a rail reports otherwise than expected: each adjustment, by what it is of.
create table read.fee_adjustments (
  ledger_id  text collate "C" not null,
  -- of the event that booked it
  revision   bigint not null,
  -- which line of the rail's report: of a payment, a refund, a dispute
  kind       text collate "C" not null,
  object     text collate "C" not null,
  -- what the rail takes more than was booked, in minor units
  amount     numeric not null,
  -- its line of a balance
  line       text collate "C" not null,
  primary key (ledger_id, revision)
);
create index fee_adjustments_of_object on read.fee_adjustments (ledger_id, object, kind);
