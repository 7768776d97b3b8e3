export const selectHead = `
  SELECT stream_id, revision, chain_hash, accounts, hash FROM writer.heads WHERE stream = $1 AND revision >= 0`;

export const sumAccounts = `
  SELECT currency, sum(debits)::text AS debits, sum(credits)::text AS credits, count(*) AS count
    FROM writer.accounts WHERE stream_id = $1 GROUP BY currency`;

/** One row at least, for the head: rows and head are of one snapshot. */
export const selectRecords = `
  WITH head AS (SELECT stream_id, revision FROM writer.heads WHERE stream = $1 AND revision >= 0),
  wanted AS (SELECT unnest($2::text[]) COLLATE "C" AS key),
  found AS (
    SELECT a.key, a.record, a.hash FROM wanted w JOIN writer.accounts a ON a.stream_id = (SELECT stream_id FROM head) AND a.key = w.key
    UNION ALL
    SELECT r.key, r.record, r.hash FROM wanted w JOIN writer.records r ON r.stream_id = (SELECT stream_id FROM head) AND r.key = w.key
  )
  SELECT (SELECT revision FROM head) AS head_revision, found.key, found.record, found.hash
    FROM (VALUES (1)) AS one (n) LEFT JOIN found ON true`;

export const selectKeys = `
  WITH head AS (SELECT stream_id, revision FROM writer.heads WHERE stream = $1 AND revision >= 0),
  found AS (
    SELECT k.key, k.request_hash, k.first_revision, k.last_revision
      FROM unnest($2::text[]) AS w (key)
      JOIN writer.idempotency_keys k ON k.stream_id = (SELECT stream_id FROM head) AND k.key = w.key COLLATE "C"
  )
  SELECT (SELECT revision FROM head) AS head_revision, found.*
    FROM (VALUES (1)) AS one (n) LEFT JOIN found ON true`;

export const selectDue = `
  SELECT r.key, r.due_at
    FROM writer.heads h JOIN writer.records r ON r.stream_id = h.stream_id
   WHERE h.stream = $1 AND h.revision >= 0 AND r.due_at IS NOT NULL
   ORDER BY r.due_at LIMIT $2`;

/** Makes the head when there is none (revision -1: not a checkpoint yet) and locks it, so that saves come one after the other. */
export const lockHead = `
  INSERT INTO writer.heads AS h (stream, revision, chain_hash, accounts, hash) VALUES ($1, -1, '', 0, '')
  ON CONFLICT (stream) DO UPDATE SET revision = h.revision
  RETURNING stream_id, revision`;

export const updateHead = `
  UPDATE writer.heads SET revision = $2, chain_hash = $3, hash = $4, accounts = accounts + $5 WHERE stream = $1`;

export const upsertAccounts = `
  WITH upserted AS (
    INSERT INTO writer.accounts AS a (stream_id, key, record, hash, currency, debits, credits)
    SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::numeric[])
    ON CONFLICT (stream_id, key) DO UPDATE
      SET record = excluded.record, hash = excluded.hash, debits = excluded.debits, credits = excluded.credits
    RETURNING xmax = 0 AS is_new
  )
  SELECT count(*) FILTER (WHERE is_new) AS opened FROM upserted`;

export const upsertRecords = `
  INSERT INTO writer.records AS r (stream_id, key, record, hash, due_at)
  SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[])
  ON CONFLICT (stream_id, key) DO UPDATE SET record = excluded.record, hash = excluded.hash, due_at = excluded.due_at`;

export const insertKeys = `
  INSERT INTO writer.idempotency_keys (stream_id, key, request_hash, first_revision, last_revision)
  SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[])
  ON CONFLICT (stream_id, key) DO NOTHING`;

export const dropAll = [
  'DELETE FROM writer.accounts WHERE stream_id = (SELECT stream_id FROM writer.heads WHERE stream = $1)',
  'DELETE FROM writer.records WHERE stream_id = (SELECT stream_id FROM writer.heads WHERE stream = $1)',
  'DELETE FROM writer.idempotency_keys WHERE stream_id = (SELECT stream_id FROM writer.heads WHERE stream = $1)',
  'DELETE FROM writer.heads WHERE stream = $1',
];
