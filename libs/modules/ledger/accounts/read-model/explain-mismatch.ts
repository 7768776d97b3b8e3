import type { Sql } from '@fintech-ledger/postgres';
import { column } from '@fintech-ledger/projection-runtime';
import type { AccountChange, AccountState } from './account-change';

const repair =
  'the row was edited, or lost. ' +
  'Have the read models built from the events again (docs/how-to/watch-health-and-logs.md)';

/** Names the first account whose row is not what its events have made of it. @throws Error always */
export async function explainMismatch(sql: Sql, changes: readonly AccountChange[]): Promise<never> {
  const { rows } = await sql.query<AccountState & { key: string }>(
    `select account_key as key, posted_debits as "postedDebits", posted_credits as "postedCredits",
            pending_debits as "pendingDebits", pending_credits as "pendingCredits", version
       from read.accounts where account_key = any (string_to_array($1, E'\\n')::uuid[])`,
    [column(changes, ({ accountKey }) => accountKey)],
  );
  const found = new Map(rows.map(({ key, ...state }) => [key.replaceAll('-', ''), state]));
  for (const change of changes) {
    const row = found.get(change.accountKey);
    if (row === undefined)
      throw new Error(`account ${change.address} has no row in read.accounts: ${repair}`);
    // The others of this batch have been updated already.
    if (differing(row, { ...change.totals, version: change.version }) === undefined) continue;
    const should = { ...change.totalsBefore, version: change.versionBefore };
    const name = differing(row, should);
    if (name === undefined) continue;
    throw new Error(
      `account ${change.address} has ${name} ${row[name]} in read.accounts, its events have ${should[name]}: ${repair}`,
    );
  }
  throw new Error(`some of ${changes.length} rows in read.accounts are not what their events say: ${repair}`);
}

function differing(row: AccountState, should: Partial<AccountState>): keyof AccountState | undefined {
  const names = ['postedDebits', 'postedCredits', 'pendingDebits', 'pendingCredits', 'version'] as const;
  return names.find((name) => should[name] !== undefined && String(row[name]) !== String(should[name]));
}
