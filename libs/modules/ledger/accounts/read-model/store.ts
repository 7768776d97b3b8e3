import { copyText, int8Array, textArray, uuidArray } from '@fintech-ledger/postgres';
import type { Sql } from '@fintech-ledger/postgres';
import { copyRows } from '@fintech-ledger/projection-runtime';
import { explainMismatch } from './explain-mismatch';
import type { AccountChange, AccountState } from './account-change';

type With<K extends keyof AccountChange> = AccountChange & {
  readonly [P in K]-?: NonNullable<AccountChange[P]>;
};
const has =
  <K extends keyof AccountChange>(...keys: K[]) =>
  (change: AccountChange): change is With<K> =>
    keys.every((key) => change[key] !== undefined);
const isOpened = has('opened', 'terms');
const isAmended = has('terms');
const isMoved = has('totals', 'totalsBefore');

/** Inserts the accounts that were opened; updates the balances, and the terms, of the others, if they are what they were before these events. */
export async function saveAccounts(sql: Sql, changes: readonly AccountChange[]): Promise<void> {
  await insertOpened(sql, changes.filter(isOpened));
  const others = changes.filter((change) => !isOpened(change));
  await updateTotals(sql, others.filter(isMoved));
  await updateTerms(sql, others.filter(isAmended));
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

/** Balances come first, and take the version along. */
async function updateTerms(sql: Sql, rows: readonly With<'terms'>[]): Promise<void> {
  if (rows.length === 0) return;
  const { rowCount } = await sql.query(
    `update read.accounts a
        set status = u.status, min_balance = u.min, max_balance = u.max, metadata = u.metadata, version = u.version
       from jsonb_to_recordset($1::jsonb)
         as u (key uuid, status text, min numeric, max numeric, metadata jsonb, version bigint, before bigint)
      where a.account_key = u.key and a.version = u.before`,
    [
      JSON.stringify(
        rows.map(({ accountKey, version, versionBefore, terms, totals }) => ({
          key: accountKey,
          status: terms.status,
          min: terms.minBalance,
          max: terms.maxBalance,
          metadata: terms.metadata,
          version,
          before: totals === undefined ? versionBefore : version,
        })),
      ),
    ],
    'update-account-terms',
  );
  if (rowCount !== rows.length) await explainMismatch(sql, rows);
}

async function updateTotals(sql: Sql, rows: readonly With<'totals' | 'totalsBefore'>[]): Promise<void> {
  if (rows.length === 0) return;
  // Numbers are sent and read at a fraction of what texts cost; totals that are no safe integers are sent as texts.
  const areSmall = rows.every(({ totals, totalsBefore }) => isSmall(totals) && isSmall(totalsBefore));
  const amounts = areSmall
    ? (texts: readonly string[]): Buffer => int8Array(texts.map(Number))
    : (texts: readonly string[]): Buffer => textArray(texts);
  const { rowCount } = await sql.query(
    areSmall ? updateTotalsOf('bigint[]') : updateTotalsOf('text[]::numeric[]'),
    [
      uuidArray(rows.map(({ accountKey }) => accountKey)),
      int8Array(rows.map(({ version }) => version)),
      int8Array(rows.map(({ versionBefore }) => versionBefore)),
      amounts(rows.map(({ totals }) => totals.postedDebits)),
      amounts(rows.map(({ totals }) => totals.postedCredits)),
      amounts(rows.map(({ totals }) => totals.pendingDebits)),
      amounts(rows.map(({ totals }) => totals.pendingCredits)),
      amounts(rows.map(({ totalsBefore }) => totalsBefore.postedDebits)),
      amounts(rows.map(({ totalsBefore }) => totalsBefore.postedCredits)),
      amounts(rows.map(({ totalsBefore }) => totalsBefore.pendingDebits)),
      amounts(rows.map(({ totalsBefore }) => totalsBefore.pendingCredits)),
    ],
    areSmall ? 'update-account-totals' : 'update-large-account-totals',
  );
  if (rowCount !== rows.length) await explainMismatch(sql, rows);
}

const updateTotalsOf = (amounts: string): string => `
  update read.accounts a
     set posted_debits = u.posted_debits, posted_credits = u.posted_credits,
         pending_debits = u.pending_debits, pending_credits = u.pending_credits, version = u.version
    from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::${amounts}, $5::${amounts}, $6::${amounts}, $7::${amounts},
                $8::${amounts}, $9::${amounts}, $10::${amounts}, $11::${amounts})
      as u (key, version, before, posted_debits, posted_credits, pending_debits, pending_credits, d, c, pd, pc)
   where a.account_key = u.key and a.version = u.before
     and a.posted_debits = u.d and a.posted_credits = u.c and a.pending_debits = u.pd and a.pending_credits = u.pc`;

type Totals = Omit<AccountState, 'version'>;

/** 15 digits, and a sign: a safe integer. */
const isSmall = ({ postedDebits, postedCredits, pendingDebits, pendingCredits }: Totals): boolean =>
  postedDebits.length <= 15 &&
  postedCredits.length <= 15 &&
  pendingDebits.length <= 15 &&
  pendingCredits.length <= 15;
