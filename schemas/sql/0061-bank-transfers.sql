-- What payments have asked of transfers by bank, each call once, as any rail keeps it: its answer is told again.
create table rails.bank_transfer_calls (
  environment  text collate "C" not null,
  key          text collate "C" not null,
  answer       jsonb not null,
  primary key (environment, key)
);
