import { reachedRevision, readAt, StatementParameters } from '@fintech-ledger/projection-runtime';
import type { AsOf } from '@fintech-ledger/projection-runtime';
import type { Sql } from '@fintech-ledger/postgres';
import type { LedgerScope } from '../read-model/keys';
import { keyOf } from '../read-model/row-faults';
import { momentOf, sumsAreUsable } from './as-of';

/** What all accounts of a currency come to. */
export interface CurrencyLine {
  readonly currency: string;
  readonly debits: string;
  readonly credits: string;
  /** Debits less credits. */
  readonly posted: string;
  readonly pending: string;
}

/**
 * The totals by currency as of a moment, from the sums that are kept of them. Undefined where accounts are to be added
 * up: the sums don't stand where the entries do, or there are no more accounts than `accountsMax`.
 */
export async function readCurrencySums(
  sql: Sql,
  scope: LedgerScope,
  asOf: AsOf,
  accountsMax: number,
): Promise<{ readonly revision: number; readonly rows: readonly CurrencyLine[] } | undefined> {
  if (!(await areWanted(sql, scope, accountsMax))) return undefined;
  const p = new StatementParameters();
  const reached = reachedRevision(p.$(scope.stream), 'accounts', 'entries');
  const rows = `select true as row_exists, s.currency, s.debits, s.credits, s.debits - s.credits as posted, s.pending
                  from (${currencyTotals(scope, asOf, p)}) s`;
  return readAt<CurrencyLine>(sql, reached, rows, 'r.currency', p);
}

async function areWanted(sql: Sql, scope: LedgerScope, accountsMax: number): Promise<boolean> {
  const p = new StatementParameters();
  const { rows } = await sql.query<{ wanted: boolean }>(
    `select ${sumsAreUsable(scope, p)} and exists (
       select from read.accounts a where a.ledger_key = ${p.$(scope.ledgerKey)}::uuid
        order by a.address offset ${p.$(accountsMax)}::int limit 1) as wanted`,
    p.values,
  );
  return rows[0]?.wanted === true;
}

/**
 * SQL beside `position.at`. On the effective axis entries may count from before their account, so it has all currencies
 * of now.
 */
function currencyTotals(scope: LedgerScope, asOf: AsOf, p: StatementParameters): string {
  const ledger = `${p.$(scope.ledgerKey)}::uuid`;
  const moment = momentOf(scope, asOf, 'position.at', p);
  const then = `read.currencies_at(${ledger}, ${moment}) c`;
  if (!('time' in asOf) || asOf.axis === 'recorded') {
    return `select c.currency, c.posted_debits as debits, c.posted_credits as credits,
                   c.pending_debits - c.pending_credits as pending from ${then}`;
  }
  const key = keyOf(`${p.$(scope.ledgerId)}::text || '/#' || k.currency`);
  const counted = (column: string): string => `coalesce(c.${column}, 0) + d.${column}`;
  return `select k.currency, ${counted('posted_debits')} as debits, ${counted('posted_credits')} as credits,
                 (${counted('pending_debits')}) - (${counted('pending_credits')}) as pending
            from read.currencies_at(${ledger}, position.at) k
            left join ${then} on c.currency = k.currency
           cross join lateral read.dated_change(${key}, ${moment}, ${p.$(Date.parse(asOf.time))}::bigint) d`;
}
