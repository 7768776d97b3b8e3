-- Payouts of the platform, and of each connected account.
create index payouts_of_owner on read.payouts
  (ledger_id, (coalesce(facts ->> 'connectedAccount', 'platform')), created_revision);
