-- Checkpoints that are authenticated, rows and absences alike (docs/decisions/0018). What is there from before is of format 1: nobody
-- trusts it, and it is deleted when the replay of the journal that replaces it has succeeded.

-- A stream has one live checkpoint, and others that are kept until the live one has replaced them.
ALTER TABLE writer.heads
  DROP CONSTRAINT heads_pkey,
  ADD PRIMARY KEY (stream_id),
  ADD COLUMN format smallint NOT NULL DEFAULT 1,
  ADD COLUMN is_live boolean NOT NULL DEFAULT false,
  -- How many pages the rows and the keys have.
  ADD COLUMN row_pages integer NOT NULL DEFAULT 1,
  ADD COLUMN key_pages integer NOT NULL DEFAULT 1,
  -- HMAC over everything here and over the MACs of all segments of `writer.pages`.
  ADD COLUMN mac bytea NOT NULL DEFAULT '',
  DROP COLUMN hash;
ALTER TABLE writer.heads DROP CONSTRAINT heads_stream_id_key;
CREATE UNIQUE INDEX heads_live ON writer.heads (stream) WHERE is_live;
CREATE INDEX heads_replaced ON writer.heads (stream) WHERE NOT is_live;

-- Counts and set hashes of pages, encrypted, 64 pages to a row. Kind: R for accounts and records together, K for idempotency keys.
CREATE TABLE writer.pages (
  stream_id integer NOT NULL,
  kind      "char" NOT NULL,
  segment   integer NOT NULL,
  digests   bytea NOT NULL,
  mac       bytea NOT NULL,
  PRIMARY KEY (stream_id, kind, segment)
) WITH (fillfactor = 50);

-- A row lies in a page by its bucket, 32 bits of a keyed hash of its key. `mac`: HMAC over where it belongs and all that it says.
ALTER TABLE writer.accounts
  DROP CONSTRAINT accounts_pkey,
  ADD COLUMN bucket integer NOT NULL DEFAULT 0,
  ADD COLUMN mac bytea NOT NULL DEFAULT '',
  DROP COLUMN hash,
  ADD PRIMARY KEY (stream_id, bucket, key);
ALTER TABLE writer.records
  DROP CONSTRAINT records_pkey,
  ADD COLUMN bucket integer NOT NULL DEFAULT 0,
  ADD COLUMN mac bytea NOT NULL DEFAULT '',
  DROP COLUMN hash,
  ADD PRIMARY KEY (stream_id, bucket, key);
-- Keys are never updated, so that their MACs may lie in the index: a page is read from it alone.
ALTER TABLE writer.idempotency_keys
  DROP CONSTRAINT idempotency_keys_pkey,
  ADD COLUMN bucket integer NOT NULL DEFAULT 0,
  ADD COLUMN mac bytea NOT NULL DEFAULT '',
  ADD PRIMARY KEY (stream_id, bucket, key) INCLUDE (mac);
