-- What a page of a rail's report names is found by the rail's own ids.
create index payments_by_rail_reference on read.payments (ledger_id, (facts -> 'attempt' ->> 'railReference'))
  where facts ->> 'amountCaptured' <> '0';
create index refunds_by_rail_reference on read.refunds (ledger_id, (facts ->> 'railReference')) where status = 'succeeded';
create index disputes_by_rail_reference on read.disputes (ledger_id, (facts ->> 'railReference'));
