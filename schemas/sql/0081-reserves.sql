-- How much a line of a reserve moves inside a balance; null: it is no such line.
alter table read.balance_transactions add column moved numeric;
