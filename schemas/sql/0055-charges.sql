-- Payments of connected accounts, and those that transfer to one when they are captured.
create index payments_of_party on read.payments
  (ledger_id, (coalesce(facts ->> 'connectedAccount', facts -> 'transferData' ->> 'destination')), created_revision)
  where coalesce(facts ->> 'connectedAccount', facts -> 'transferData' ->> 'destination') is not null;

-- What of a line's fee is the platform's: of a connected account's own payment.
alter table read.balance_transactions add column application_fee numeric not null default 0;
