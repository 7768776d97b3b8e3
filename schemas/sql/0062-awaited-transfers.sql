-- Payments that wait for a transfer are looked for by the amount that a bank statement has.
create index payments_awaited on read.payments (ledger_id, (facts ->> 'amount')) where status = 'requires_action';
