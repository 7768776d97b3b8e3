import type { Database } from '@fintech-ledger/postgres';

/**
 * Every table of the read models, as the columns that must be equal in every way to run the product. Left out: where a projector stands in its own
 * feed and when it last wrote (`projections`), and where its batches began (`checkpoints.previous`, and the runs of `event_runs`, of
 * `public_events` and of `audit_log`, which are compared event by event).
 * Of whole tables `projector_looks`, what each running process says of itself, and `checkpoint_rows`, which projections
 * share as they came by: the view `checkpoints` says where each stands.
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
  public_events:
    '(organization_key, recorded_ms, created_ms, stream_key, generate_series(first, last), type)::text',
  public_event_names: 't::text',
  public_event_streams: 't::text',
  audit_log:
    '(organization, recorded_ms, stream_key, generate_series(first, last), item, actor, action, origin)::text',
  audit_log_names: 't::text',
  audit_log_streams: 't::text',
  organizations: 't::text',
  sandboxes: 't::text',
  ledgers: 't::text',
  units: 't::text',
  api_keys: 't::text',
  webhook_endpoints: 't::text',
  merkle_tiles: 't::text',
  payment_states: 't::text',
  payments: 't::text',
  refunds: 't::text',
  payouts: 't::text',
  payout_batches: 't::text',
  disputes: 't::text',
  balance_states: 't::text',
  balances: 't::text',
  balance_transactions: 't::text',
  ledger_transfer_states: 't::text',
  ledger_transfers: 't::text',
  ledger_transfer_arrivals: 't::text',
  ledger_transfer_transit: 't::text',
  customer_states: 't::text',
  customers: 't::text',
  payment_methods: 't::text',
  erasures: 't::text',
  data_subjects: 't::text',
  connected_account_states: 't::text',
  connected_accounts: 't::text',
  split_rule_states: 't::text',
  split_rules: 't::text',
  transfers: 't::text',
  splits: 't::text',
  fx_states: 't::text',
  fx_rates: 't::text',
  fx_quotes: 't::text',
  fee_adjustments: 't::text',
  fx_conversions: 't::text',
  fx_positions: 't::text',
  bank_states: 't::text',
  bank_statement_lines: 't::text',
  bank_statements: 't::text',
  rebuilds: 't::text',
  checkpoints: '(projection, stream, revision, hash)::text',
  halted_streams: '(projection, stream, revision)::text',
  rebuilt_streams: '(stream, generation)::text',
  projections: '(name, version, state, last_error)::text',
};

/** Of these no row is wanted: nothing is halted, nothing was rebuilt, and nobody paid or was forgotten. */
export const emptyTables: readonly string[] = [
  'halted_streams',
  'rebuilt_streams',
  'rebuilds',
  'payment_states',
  'payments',
  'refunds',
  'payouts',
  'payout_batches',
  'disputes',
  'balance_states',
  'balances',
  'balance_transactions',
  'ledger_transfer_states',
  'ledger_transfers',
  'ledger_transfer_arrivals',
  'ledger_transfer_transit',
  'customer_states',
  'customers',
  'payment_methods',
  'erasures',
  'data_subjects',
  'connected_account_states',
  'connected_accounts',
  'split_rule_states',
  'split_rules',
  'transfers',
  'splits',
  'fee_adjustments',
  'fx_states',
  'fx_rates',
  'fx_quotes',
  'fx_conversions',
  'fx_positions',
  'bank_states',
  'bank_statement_lines',
  'bank_statements',
];

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
      where table_schema = 'read' and table_name not in ('projector_looks', 'checkpoint_rows')`,
  );
  return rows.map(({ name }) => name).sort();
}
