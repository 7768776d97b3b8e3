-- The Merkle log of each ledger (RFC 9162 hashing): a read model, made again of the events at any time. A row is a part of the tree, five
-- levels high: up to 32 entries of a level, side by side. Those of level 0 are the data of leaves (the hashes of events), each of a level
-- above is the hash of a whole tile below. docs/decisions/0072-merkle-log.md
create table read.merkle_tiles (
  ledger_id  text collate "C" not null,
  level      smallint not null,
  tile       bigint not null,
  -- 32 bytes each
  entries    bytea not null,
  primary key (ledger_id, level, tile)
);
-- Hashes can't be compressed.
alter table read.merkle_tiles alter column entries set storage external;

-- What no events say of audits, and no rebuild touches.
create schema audit;

-- Keys that sign heads (Ed25519). The private half is sealed with a key of the installation.
create table audit.signing_keys (
  key_id      text collate "C" primary key,
  public_key  text not null,
  sealed      text not null,
  created_at  timestamptz not null default clock_timestamp(),
  -- null: it signs
  retired_at  timestamptz
);
create unique index signing_keys_one_signs on audit.signing_keys ((true)) where retired_at is null;
