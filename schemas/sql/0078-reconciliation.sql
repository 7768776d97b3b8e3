-- What counts in a window of time is compared with what rails report of it.
create index payments_captured on read.payments (ledger_id, (facts ->> 'availableOn') collate "C") where facts ->> 'amountCaptured' <> '0';
create index simulator_movements_by_time on rails.simulator_movements (environment, settles_on, number);
create index simulator_movements_by_reference on rails.simulator_movements (environment, reference);
