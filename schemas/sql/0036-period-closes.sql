-- What a correction of a transaction corrects: docs/how-to/close-a-period.md
alter table read.transactions add column correction_of text collate "C";
-- The corrections of one, newest first.
create index transactions_by_corrected on read.transactions (ledger_key, correction_of, revision) where correction_of is not null;
