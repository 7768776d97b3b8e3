-- Signed tree heads that leave the installation: docs/decisions/0087-published-heads.md

-- Each head that was signed to be published, in the order in which every target gets them.
create table audit.published_heads (
  sequence       bigint generated always as identity primary key,
  ledger_id      text collate "C" not null,
  size           bigint not null,
  root           text not null,
  -- the JSON text that targets get
  line           text not null,
  signed_at      timestamptz not null default clock_timestamp(),
  -- an older event store was accepted: it no longer says what the ledger has to begin with
  is_taken_back  boolean not null default false
);
create index published_heads_last on audit.published_heads (ledger_id, sequence desc) where not is_taken_back;

-- When all heads were last signed, and which ledgers did not begin with what was published of them; the one row comes with the first time.
create table audit.head_rounds (
  is_only      boolean primary key default true check (is_only),
  finished_at  timestamptz not null,
  -- a JSON list of {ledgerId, reason}
  contradictions  text not null
);

-- How far each target has come.
create table audit.head_targets (
  target         text collate "C" primary key,
  -- the last head that it has
  sequence       bigint not null default 0,
  -- when it last had all there were; before that, since when there is this target
  complete_at    timestamptz not null default clock_timestamp(),
  failures       integer not null default 0,
  failure        text,
  next_at        timestamptz not null default clock_timestamp(),
  -- who sends to it does so alone until then
  claimed_until  timestamptz not null default '-infinity'
);
