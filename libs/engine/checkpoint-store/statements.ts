const headColumns = 'stream_id, format, revision, chain_hash, accounts, folds, row_pages, key_pages, mac';

export const selectHead = `
  SELECT ${headColumns} FROM writer.heads WHERE stream = $1 AND is_live AND revision >= 0`;

export const lockHead = `SELECT ${headColumns} FROM writer.heads WHERE stream = $1 AND is_live FOR UPDATE`;

/** Begins a checkpoint (revision -1: it is none yet), or locks the one that somebody else began meanwhile. */
export const beginHead = `
  INSERT INTO writer.heads AS h (stream, revision, chain_hash, accounts, format, is_live, folds)
  VALUES ($1, -1, '', 0, 2, true, '')
  ON CONFLICT (stream) WHERE is_live DO UPDATE SET revision = h.revision
  RETURNING ${headColumns}`;

export const updateHead = `
  UPDATE writer.heads SET revision = $2, chain_hash = $3, accounts = $4, row_pages = $5, key_pages = $6, mac = $7,
    organization_id = coalesce($8, organization_id), folds = $9
   WHERE stream_id = $1`;

/** What is not trusted any more stays until it has been replaced. */
export const distrust = `
  UPDATE writer.heads SET is_live = false WHERE stream = $1 AND is_live AND ($2::int IS NULL OR stream_id = $2)`;

export const selectSegments = `
  SELECT kind, segment, digests, mac FROM writer.pages WHERE stream_id = $1`;

export const upsertSegments = `
  INSERT INTO writer.pages (stream_id, kind, segment, digests, mac)
  SELECT $1, $2::"char", * FROM unnest($3::int[], $4::bytea[], $5::bytea[])
  ON CONFLICT (stream_id, kind, segment) DO UPDATE SET digests = excluded.digests, mac = excluded.mac`;

export const deleteSegments = `
  DELETE FROM writer.pages WHERE stream_id = $1 AND kind = $2::"char" AND segment = ANY ($3::int[])`;

const rowBlocks = `
  SELECT int4send(a.bucket) || a.mac AS block FROM writer.accounts a
   WHERE a.stream_id = $1 AND a.bucket BETWEEN p.low AND p.high
  UNION ALL
  SELECT int4send(r.bucket) || r.mac FROM writer.records r
   WHERE r.stream_id = $1 AND r.bucket BETWEEN p.low AND p.high`;

const keyBlocks = `
  SELECT int4send(k.bucket) || k.mac AS block FROM writer.idempotency_keys k
   WHERE k.stream_id = $1 AND k.bucket BETWEEN p.low AND p.high`;

/**
 * The blocks of whole pages, in one value each; null for a page without rows. In these statements the planner must not turn a look-up for each
 * page or key into one pass over everything, as it does when its statistics are of a smaller table: hence aggregates and OFFSET 0.
 */
const selectBlocks = (blocks: string): string => `
  SELECT p.page, x.blocks
    FROM unnest($2::int[], $3::int[], $4::int[]) AS p (page, low, high)
   CROSS JOIN LATERAL (SELECT string_agg(b.block, ''::bytea) AS blocks FROM (${blocks}) AS b) AS x`;

export const selectRowPages = selectBlocks(rowBlocks);
export const selectKeyPages = selectBlocks(keyBlocks);

/**
 * Rows by their keys, whole pages, and first the head: all of one snapshot. $1: which checkpoint; $2 to $4: pages; $5, $6: the keys.
 */
const lookUp = (pages: string, found: string): string => `
  WITH head AS MATERIALIZED (SELECT mac FROM writer.heads WHERE stream_id = $1 AND is_live AND revision >= 0),
  pages AS (${pages}),
  wanted AS (SELECT * FROM unnest($5::int[], $6::text[] COLLATE "C") AS w (bucket, key)),
  found AS (${found})
  SELECT head.mac AS head_mac, NULL::int AS page, NULL::bytea AS blocks, found.* FROM head LEFT JOIN found ON false
  UNION ALL
  SELECT NULL, pages.page, pages.blocks, found.* FROM pages LEFT JOIN found ON false
  UNION ALL
  SELECT NULL, NULL, NULL, found.* FROM found`;

export const lookUpRows = lookUp(
  selectRowPages,
  `SELECT a.key, a.bucket, a.mac, a.record, a.currency, a.debits::text, a.credits::text, NULL::timestamptz AS due_at
     FROM wanted w CROSS JOIN LATERAL (
       SELECT * FROM writer.accounts a WHERE a.stream_id = $1 AND a.bucket = w.bucket AND a.key = w.key OFFSET 0) a
   UNION ALL
   SELECT r.key, r.bucket, r.mac, r.record, NULL, NULL, NULL, r.due_at
     FROM wanted w CROSS JOIN LATERAL (
       SELECT * FROM writer.records r WHERE r.stream_id = $1 AND r.bucket = w.bucket AND r.key = w.key OFFSET 0) r`,
);

export const lookUpKeys = lookUp(
  selectKeyPages,
  `SELECT k.key, k.bucket, k.mac, k.request_hash, k.first_revision, k.last_revision
     FROM wanted w CROSS JOIN LATERAL (
       SELECT * FROM writer.idempotency_keys k WHERE k.stream_id = $1 AND k.bucket = w.bucket AND k.key = w.key OFFSET 0) k`,
);

export const selectDue = `
  SELECT r.key, r.due_at
    FROM writer.heads h JOIN writer.records r ON r.stream_id = h.stream_id
   WHERE h.stream = $1 AND h.is_live AND h.revision >= 0 AND r.due_at IS NOT NULL
   ORDER BY r.due_at LIMIT $2`;

/** Says the blocks of the rows that it replaced, and their sums. $4: the MACs, 12 bytes each, one after the other. */
export const upsertAccounts = `
  WITH given AS (
    SELECT bucket, key, substr($4::bytea, (n * 12 - 11)::int, 12) AS mac, record, currency, debits, credits
      FROM unnest($2::int[], $3::text[] COLLATE "C", $5::text[], $6::text[], $7::text[]::numeric[], $8::text[]::numeric[]) WITH ORDINALITY
        AS g (bucket, key, record, currency, debits, credits, n)
  ),
  replaced AS (
    SELECT a.* FROM given g CROSS JOIN LATERAL (
      SELECT int4send(a.bucket) || a.mac AS block, a.currency, a.debits - a.credits AS net FROM writer.accounts a
       WHERE a.stream_id = $1 AND a.bucket = g.bucket AND a.key = g.key OFFSET 0) a
  ),
  upserted AS (
    INSERT INTO writer.accounts (stream_id, bucket, key, mac, record, currency, debits, credits) SELECT $1, given.* FROM given
    ON CONFLICT (stream_id, bucket, key) DO UPDATE
      SET mac = excluded.mac, record = excluded.record, currency = excluded.currency, debits = excluded.debits, credits = excluded.credits
  )
  SELECT count(*) AS count, string_agg(block, ''::bytea) AS blocks,
    (SELECT json_object_agg(currency, net::text)
       FROM (SELECT currency, sum(net) AS net FROM replaced GROUP BY currency) s) AS sums
    FROM replaced`;

export const upsertRecords = `
  WITH given AS (
    SELECT bucket, key, substr($4::bytea, (n * 12 - 11)::int, 12) AS mac, record, due_at
      FROM unnest($2::int[], $3::text[] COLLATE "C", $5::text[], $6::timestamptz[]) WITH ORDINALITY AS g (bucket, key, record, due_at, n)
  ),
  replaced AS (
    SELECT r.block FROM given g CROSS JOIN LATERAL (
      SELECT int4send(r.bucket) || r.mac AS block FROM writer.records r
       WHERE r.stream_id = $1 AND r.bucket = g.bucket AND r.key = g.key OFFSET 0) r
  ),
  upserted AS (
    INSERT INTO writer.records (stream_id, bucket, key, mac, record, due_at) SELECT $1, given.* FROM given
    ON CONFLICT (stream_id, bucket, key) DO UPDATE SET mac = excluded.mac, record = excluded.record, due_at = excluded.due_at
  )
  SELECT count(*) AS count, string_agg(block, ''::bytea) AS blocks FROM replaced`;

/** Says the blocks of the rows that were not there. */
export const insertKeys = `
  WITH inserted AS (
    INSERT INTO writer.idempotency_keys (stream_id, bucket, key, mac, request_hash, first_revision, last_revision)
    SELECT $1, bucket, key, substr($4::bytea, (n * 12 - 11)::int, 12), request_hash, first_revision, last_revision
      FROM unnest($2::int[], $3::text[], $5::text[], $6::bigint[], $7::bigint[]) WITH ORDINALITY
        AS g (bucket, key, request_hash, first_revision, last_revision, n)
    ON CONFLICT (stream_id, bucket, key) DO NOTHING
    RETURNING bucket, mac
  )
  SELECT count(*) AS count, string_agg(int4send(bucket) || mac, ''::bytea) AS blocks FROM inserted`;

export const scrubRows = `
  SELECT key, bucket, mac, record, currency, debits::text, credits::text, NULL::timestamptz AS due_at
    FROM writer.accounts WHERE stream_id = $1 AND bucket BETWEEN $2 AND $3
  UNION ALL
  SELECT key, bucket, mac, record, NULL, NULL, NULL, due_at
    FROM writer.records WHERE stream_id = $1 AND bucket BETWEEN $2 AND $3`;

export const scrubKeys = `
  SELECT key, bucket, mac, request_hash, first_revision, last_revision
    FROM writer.idempotency_keys WHERE stream_id = $1 AND bucket BETWEEN $2 AND $3`;

export const selectMac = `SELECT mac FROM writer.heads WHERE stream_id = $1 AND is_live AND revision >= 0`;

const tables = ['accounts', 'records', 'idempotency_keys', 'pages'];

/** What the live checkpoint has replaced. */
export const selectReplaced = `
  SELECT h.stream_id FROM writer.heads h
   WHERE h.stream = $1 AND NOT h.is_live
     AND EXISTS (SELECT FROM writer.heads l WHERE l.stream = $1 AND l.is_live AND l.revision >= 0)`;

/** A bounded part of a checkpoint, so that no statement runs long. */
export const deleteSome = tables.map(
  (table) => `
  DELETE FROM writer.${table} WHERE stream_id = $1
     AND ctid = ANY (ARRAY(SELECT ctid FROM writer.${table} WHERE stream_id = $1 LIMIT $2))`,
);

export const deleteReplacedHead = 'DELETE FROM writer.heads WHERE stream_id = $1 AND NOT is_live';

export const dropAll = [
  ...tables.map(
    (table) =>
      `DELETE FROM writer.${table} WHERE stream_id IN (SELECT stream_id FROM writer.heads WHERE stream = $1)`,
  ),
  'DELETE FROM writer.heads WHERE stream = $1',
];
