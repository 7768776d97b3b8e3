-- The writers' checkpoints: pages of their state, for which the event streams are the write-ahead log. All of it may be dropped and is
-- rebuilt from the events.
CREATE SCHEMA IF NOT EXISTS writer;

CREATE TABLE writer.heads (
  stream     text PRIMARY KEY,
  stream_id  integer NOT NULL UNIQUE GENERATED ALWAYS AS IDENTITY,
  revision   bigint NOT NULL,
  chain_hash text NOT NULL,
  -- How many accounts the checkpoint has: with their sums, what a lost row is noticed by.
  accounts   bigint NOT NULL,
  -- SHA-256 of (stream, revision, chain hash).
  hash       text NOT NULL
);

-- Records that carry totals (accounts), apart from the others: their sums are verified at every start, which reads all of them.
CREATE TABLE writer.accounts (
  stream_id integer NOT NULL,
  key       text COLLATE "C" NOT NULL,
  record    text NOT NULL,
  hash      text NOT NULL,
  currency  text NOT NULL,
  debits    numeric NOT NULL,
  credits   numeric NOT NULL,
  PRIMARY KEY (stream_id, key)
) WITH (fillfactor = 80);

CREATE TABLE writer.records (
  stream_id integer NOT NULL,
  key       text COLLATE "C" NOT NULL,
  record    text NOT NULL,
  hash      text NOT NULL,
  due_at    timestamptz,
  PRIMARY KEY (stream_id, key)
) WITH (fillfactor = 90);

CREATE INDEX records_due ON writer.records (stream_id, due_at) WHERE due_at IS NOT NULL;

-- Kept for ever, as the events are: a key leads to the events of the command that used it.
CREATE TABLE writer.idempotency_keys (
  stream_id      integer NOT NULL,
  key            text COLLATE "C" NOT NULL,
  request_hash   text NOT NULL,
  first_revision bigint NOT NULL,
  last_revision  bigint NOT NULL,
  PRIMARY KEY (stream_id, key)
);
