-- Events of other modules book in ledgers too: docs/decisions/0053-modules-book-in-journals.md

-- One event may open several accounts. Newest first, and of one event in the order of their addresses backwards.
create unique index accounts_by_age_and_address on read.accounts (ledger_key, opened_revision, address);
drop index read.accounts_by_age;

-- The module that manages the accounts below its name; null: none.
alter table read.ledgers add column managed text collate "C";
