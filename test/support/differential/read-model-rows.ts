import type { Database } from '@fintech-ledger/postgres';

/**
 * Every table of the read models, as the columns that must be equal in every way to run the product. Left out: where a projector stands in its own
 * feed and when it last wrote (`projections`), and where its batches began (`checkpoints.previous`, and the runs of `event_runs` and of
 * `public_events`, which are compared event by event).
 * Of the whole table `projector_looks`: what each running process says of itself.
 */
export const readModelTables: Readonly<Record<string, string>> = {
  accounts: 't::text',
  transactions: 't::text',
  entries: 't::text',
  dated_days: 't::text',
  moments: 't::text',
  dated_totals: 't::text',
  dated_sums: 't::text',
  currency_totals: 't::text',
  event_runs: '(ledger_key, kind, subject, generate_series(first, last))::text',
  public_events: '(organization_key, recorded_ms, stream_key, generate_series(first, last), type)::text',
  public_event_names: 't::text',
  public_event_streams: 't::text',
  organizations: 't::text',
  sandboxes: 't::text',
  ledgers: 't::text',
  units: 't::text',
  api_keys: 't::text',
  webhook_endpoints: 't::text',
  checkpoints: '(projection, stream, revision, hash)::text',
  halted_streams: '(projection, stream, revision)::text',
  rebuilt_streams: '(stream, generation)::text',
  projections: '(name, version, state, last_error)::text',
};

/** Of these no row is wanted: nothing is halted, and nothing was rebuilt. */
export const emptyTables: readonly string[] = ['halted_streams', 'rebuilt_streams'];

export interface TableDigest {
  readonly rows: number;
  readonly digest: string;
}

/** What a table holds, whatever the order: one digest over all rows. */
export async function digestOf(database: Database, table: string): Promise<TableDigest> {
  const { rows } = await database.query<{ rows: string; digest: string | null }>(
    `select count(*) as rows, md5(string_agg(row, '' order by row)) as digest
       from (select md5(${readModelTables[table] ?? ''}) as row from read.${table} t) r`,
  );
  return { rows: Number(rows[0]?.rows ?? 0), digest: rows[0]?.digest ?? '' };
}

/** The first rows that one has and the other has not, to say where they differ. */
export async function differingRows(one: Database, other: Database, table: string): Promise<string[]> {
  const [mine, theirs] = await Promise.all([rowsOf(one, table), rowsOf(other, table)]);
  const without = (rows: ReadonlySet<string>, others: ReadonlySet<string>, mark: string): string[] =>
    [...rows]
      .filter((row) => !others.has(row))
      .slice(0, 3)
      .map((row) => `${mark} ${row}`);
  return [...without(mine, theirs, '-'), ...without(theirs, mine, '+')];
}

async function rowsOf(database: Database, table: string): Promise<ReadonlySet<string>> {
  const { rows } = await database.query<{ row: string }>(
    `select ${readModelTables[table] ?? ''} as row from read.${table} t`,
  );
  return new Set(rows.map(({ row }) => row));
}

/** The tables that the schema has, so that a new one is not forgotten here. */
export async function existingTables(database: Database): Promise<string[]> {
  const { rows } = await database.query<{ name: string }>(
    `select table_name as name from information_schema.tables
      where table_schema = 'read' and table_type = 'BASE TABLE' and table_name <> 'projector_looks'`,
  );
  return rows.map(({ name }) => name).sort();
}
