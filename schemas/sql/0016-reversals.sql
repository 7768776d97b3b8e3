-- The transactions that reverse one, newest first. The row of the one that is reversed names the first of them alone.
create index transactions_by_reversed on read.transactions (ledger_key, reverses, revision) where reverses is not null;
