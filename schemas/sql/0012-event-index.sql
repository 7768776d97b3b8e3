-- Where in a ledger's journal the events of a type are, and those of an account that have no entries: what the filters of
-- GET …/events are answered from (docs/decisions/0044). Filled by the projection `events`, from the first event on.
--
-- A row is a run of revisions that follow one another, within what was projected at once: events of one type come in
-- long runs. Kind: T of a type, A of an account (its own events; what has entries is in read.entries).
create table read.event_runs (
  ledger_key  uuid not null,
  kind        "char" not null,
  subject     text collate "C" not null,
  first       bigint not null,
  last        bigint not null,
  primary key (ledger_key, kind, subject, last)
);
