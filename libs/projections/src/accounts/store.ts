import { copyText } from '@fintech-ledger/postgres';
import type { Sql } from '@fintech-ledger/postgres';
import { assertRows, column } from '../columns';
import { copyRows } from '../copy-rows';
import type { AccountChange } from './project';

type With<K extends keyof AccountChange> = AccountChange & {
  readonly [P in K]-?: NonNullable<AccountChange[P]>;
};
const has =
  <K extends keyof AccountChange>(...keys: K[]) =>
  (change: AccountChange): change is With<K> =>
    keys.every((key) => change[key] !== undefined);
const isOpened = has('opened', 'terms');
const isAmended = has('terms');
const isMoved = has('totals');

/** Inserts the accounts that were opened; updates the terms, and the balances, of the others. */
export async function saveAccounts(sql: Sql, changes: readonly AccountChange[]): Promise<void> {
  await insertOpened(sql, changes.filter(isOpened));
  const others = changes.filter((change) => !isOpened(change));
  await updateTerms(sql, others.filter(isAmended));
  await updateTotals(sql, others.filter(isMoved));
}

async function insertOpened(sql: Sql, rows: readonly With<'opened' | 'terms'>[]): Promise<void> {
  const columns =
    'account_key, ledger_key, opened_revision, opened_ms, version, address, type, currency, status, ' +
    'posted_debits, posted_credits, pending_debits, pending_credits, min_balance, max_balance, metadata';
  await copyRows(sql, `read.accounts (${columns})`, rows, ({ opened, terms, totals, ...row }) =>
    [
      row.accountKey,
      row.ledgerKey,
      opened.revision,
      opened.atMs,
      row.version,
      copyText(terms.address),
      copyText(terms.type),
      copyText(terms.currency),
      copyText(terms.status),
      totals?.postedDebits ?? '0',
      totals?.postedCredits ?? '0',
      totals?.pendingDebits ?? '0',
      totals?.pendingCredits ?? '0',
      copyText(terms.minBalance),
      copyText(terms.maxBalance),
      copyText(JSON.stringify(terms.metadata)),
    ].join('\t'),
  );
}

async function updateTerms(sql: Sql, rows: readonly With<'terms'>[]): Promise<void> {
  if (rows.length === 0) return;
  const { rowCount } = await sql.query(
    `update read.accounts a
        set status = u.status, min_balance = u.min, max_balance = u.max, metadata = u.metadata, version = u.version
       from jsonb_to_recordset($1::jsonb) as u (key uuid, status text, min numeric, max numeric, metadata jsonb, version bigint)
      where a.account_key = u.key`,
    [
      JSON.stringify(
        rows.map(({ accountKey, version, terms }) => ({
          key: accountKey,
          status: terms.status,
          min: terms.minBalance,
          max: terms.maxBalance,
          metadata: terms.metadata,
          version,
        })),
      ),
    ],
    'update-account-terms',
  );
  assertRows(rowCount, rows.length, 'accounts with new terms');
}

async function updateTotals(sql: Sql, rows: readonly With<'totals'>[]): Promise<void> {
  if (rows.length === 0) return;
  const { rowCount } = await sql.query(
    `update read.accounts a
        set posted_debits = u.posted_debits, posted_credits = u.posted_credits,
            pending_debits = u.pending_debits, pending_credits = u.pending_credits, version = u.version
       from unnest(string_to_array($1, E'\\n')::uuid[], string_to_array($2, E'\\n')::numeric[], string_to_array($3, E'\\n')::numeric[],
                   string_to_array($4, E'\\n')::numeric[], string_to_array($5, E'\\n')::numeric[], string_to_array($6, E'\\n')::bigint[])
         as u (key, posted_debits, posted_credits, pending_debits, pending_credits, version)
      where a.account_key = u.key`,
    [
      column(rows, ({ accountKey }) => accountKey),
      column(rows, ({ totals }) => totals.postedDebits),
      column(rows, ({ totals }) => totals.postedCredits),
      column(rows, ({ totals }) => totals.pendingDebits),
      column(rows, ({ totals }) => totals.pendingCredits),
      column(rows, ({ version }) => version),
    ],
    'update-account-totals',
  );
  assertRows(rowCount, rows.length, 'accounts with new balances');
}
