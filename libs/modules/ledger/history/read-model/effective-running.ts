import type { AccountTotals } from '@fintech-ledger/ledger/domain';
import type { Sql } from '@fintech-ledger/postgres';
import { addEntry, noChange } from './totals-change';
import { effectiveTotals } from '../../balances/as-of';
import { totalsOf } from '../../balances/balance-view';
import type { TotalsRow } from '../../balances/balance-view';
import { StatementParameters } from '@fintech-ledger/projection-runtime';
import { effectOf } from './effect';
import type { EntryRow } from './entry-rows';
import type { LedgerScope } from '../../read-model/keys';
import { RowFaults } from '../../read-model/row-faults';
import { assertSound } from '../../read-model/sound-rows';
import type { FaultyRow } from '../../read-model/sound-rows';

/**
 * The balances after each of these lines (neighbours, newest first) on the effective axis: the balance as of the newest
 * one's time, less what else counts in the same millisecond but after it, and then downwards line by line. @throws
 * ReadModelInconsistent
 */
export async function effectiveRunning(
  sql: Sql,
  scope: LedgerScope,
  accountKey: string,
  rows: readonly EntryRow[],
): Promise<readonly AccountTotals[]> {
  const newest = rows[0];
  if (newest === undefined) return [];
  let totals = await totalsAt(sql, scope, accountKey, newest);
  for (const row of await laterInSameMoment(sql, scope, accountKey, newest)) totals = without(totals, row);
  const running: AccountTotals[] = [];
  for (const row of rows) {
    running.push(totals);
    totals = without(totals, row);
  }
  return running;
}

type ChangeRow = Pick<EntryRow, 'direction' | 'effect' | 'amount'>;

function without(totals: AccountTotals, row: ChangeRow): AccountTotals {
  const change = addEntry(noChange, {
    direction: row.direction === 'D' ? 'debit' : 'credit',
    effect: effectOf(row.effect),
    amount: row.amount,
  });
  return {
    postedDebits: totals.postedDebits - change.postedDebits,
    postedCredits: totals.postedCredits - change.postedCredits,
    pendingDebits: totals.pendingDebits - change.pendingDebits,
    pendingCredits: totals.pendingCredits - change.pendingCredits,
  };
}

async function totalsAt(
  sql: Sql,
  scope: LedgerScope,
  accountKey: string,
  row: EntryRow,
): Promise<AccountTotals> {
  const p = new StatementParameters();
  const ms = `${p.$(row.effective_ms)}::bigint`;
  const { rows } = await sql.query<TotalsRow & FaultyRow>(
    `select t.*, ${new RowFaults(scope, p).effective(ms)} as fault
       from read.accounts a
      cross join lateral (${effectiveTotals(scope, ms, p)}) t
      where a.account_key = ${p.$(accountKey)}::uuid`,
    p.values,
  );
  assertSound(scope, rows);
  const totals = rows[0];
  return totals === undefined ? noChange : totalsOf(totals);
}

async function laterInSameMoment(
  sql: Sql,
  scope: LedgerScope,
  accountKey: string,
  row: EntryRow,
): Promise<readonly ChangeRow[]> {
  const p = new StatementParameters();
  const key = p.$(accountKey);
  const ledger = p.$(scope.ledgerKey);
  const ms = p.$(row.effective_ms);
  const sequence = p.$(row.sequence);
  const { rows } = await sql.query<ChangeRow>(
    `select e.direction, e.effect, e.amount from read.entries e
      where e.account_key = ${key}::uuid and e.is_dated and e.effective_ms = ${ms}::bigint and e.sequence > ${sequence}::bigint
     union all
     select e.direction, e.effect, e.amount from read.entries e
      where e.account_key = ${key}::uuid and not e.is_dated and e.sequence > ${sequence}::bigint
        and e.sequence >= read.sequence_after(read.revision_at(${ledger}::uuid, ${ms}::bigint - 1))
        and e.sequence < read.sequence_after(read.revision_at(${ledger}::uuid, ${ms}::bigint))`,
    p.values,
  );
  return rows;
}
