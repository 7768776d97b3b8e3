-- Lines of a balance of one type, where most are of another one. The types of nearly all lines are left out: they are
-- found soon in the index of all of them, and cost each payment nothing (libs/modules/payments/read-model/balance-queries.ts).
create index balance_transactions_of_rare_type on read.balance_transactions (ledger_id, owner, type, revision, number)
  where type not in ('payment', 'transfer', 'application_fee');
