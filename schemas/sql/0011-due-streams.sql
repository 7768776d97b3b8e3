-- What is due first in all ledgers together: whoever may write looks for it, so that nothing waits for the next command to its ledger.
create index records_due_first on writer.records (due_at) where due_at is not null;

-- An operator says that the clock is right, after a jump that only this machine can judge (libs/journal/src/guarded-clock.ts).
create table writer.clock_confirmations (
  id bigint primary key generated always as identity,
  -- Who: the id of an API key.
  actor text not null,
  confirmed_at timestamptz not null default clock_timestamp(),
  -- Events that were recorded up to then are accepted, although the clock is behind them. Null: none had to be.
  recorded_until timestamptz
);
