import { isoTime } from '@fintech-ledger/contract';
import type { At, Axis, PageRequest } from '@fintech-ledger/projection-runtime';
import type { AccountEntryView } from '../../views/transaction';
import type { LedgerQueries } from '../../read-model/queries';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import type { AccountTotals, AccountType } from '@fintech-ledger/ledger/domain';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { revisionOf } from './sequence';
import { accountKey } from '../../read-model/keys';
import { runningView, totalsOf } from '../../balances/balance-view';
import {
  decodeCursor,
  encodeCursor,
  pageOf,
  StatementParameters,
  reachedRevision,
} from '@fintech-ledger/projection-runtime';
import { entryBranches, mergedOrder } from './entry-branches';
import { effectOf } from './effect';
import { entryColumns } from './entry-rows';
import type { EntryRow } from './entry-rows';
import type { LedgerScope } from '../../read-model/keys';
import { RowFaults } from '../../read-model/row-faults';
import { assertNoEntries, assertSound, readSound } from '../../read-model/sound-rows';
import type { FaultyRow } from '../../read-model/sound-rows';
import { effectiveRunning } from './effective-running';

interface Terms extends FaultyRow {
  readonly type: AccountType;
  readonly currency: string;
}
type EntriesFilter = Parameters<LedgerQueries['accountEntries']>[2];

/**
 * An account's statement, newest first; the running balance is in the order of the axis: after what was recorded
 * before, or after what counted before. The axis is the effective one when `from` or `to` is given without saying
 * which. null: no such account.
 * @throws InvalidCursor @throws ReadModelInconsistent
 */
export async function readAccountEntries(
  db: Database,
  scope: LedgerScope,
  address: string,
  filter: EntriesFilter,
  page: PageRequest,
): Promise<At<Page<AccountEntryView> | null>> {
  const axis =
    filter.axis ?? (filter.from === undefined && filter.to === undefined ? 'recorded' : 'effective');
  const before =
    page.cursor === undefined
      ? undefined
      : decodeCursor(`entries-${axis}`, ['number', 'number'], page.cursor);
  return db.transaction(
    async (sql) => {
      const account = await readTerms(sql, scope, address);
      const { revision, terms } = account;
      if (terms === undefined) {
        const p = new StatementParameters();
        await assertNoEntries(sql, scope, address, `${p.$(revision)}::bigint`, p);
        return { revision, result: null };
      }
      const rows = await readRows(sql, scope, address, axis, filter, before, page.limit);
      const running =
        axis === 'recorded'
          ? rows.map(totalsOf)
          : await effectiveRunning(sql, scope, accountKey(scope.ledgerId, address), rows);
      const lines = rows.map((row, i) => ({ row, totals: running[i] ?? totalsOf(row) }));
      return {
        revision,
        result: pageOf(
          lines,
          page.limit,
          ({ row, totals }) => entryView(address, terms, row, totals),
          ({ row }) => encodeCursor(`entries-${axis}`, [Number(row.effective_ms), Number(row.sequence)]),
        ),
      };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

async function readTerms(
  sql: Sql,
  scope: LedgerScope,
  address: string,
): Promise<{ readonly revision: number; readonly terms: Terms | undefined }> {
  const p = new StatementParameters();
  const { revision, rows } = await readSound<Terms>(
    sql,
    scope,
    reachedRevision(p.$(scope.stream), 'accounts', 'entries', 'transactions'),
    `select true as row_exists, a.type, a.currency, ${new RowFaults(scope, p).account()} as fault
       from read.accounts a where a.account_key = ${p.$(accountKey(scope.ledgerId, address))}`,
    undefined,
    p,
    'read-account-terms',
  );
  return { revision, terms: rows[0] };
}

async function readRows(
  sql: Sql,
  scope: LedgerScope,
  address: string,
  axis: Axis,
  { from, to }: EntriesFilter,
  before: readonly (string | number)[] | undefined,
  limit: number,
): Promise<readonly EntryRow[]> {
  const p = new StatementParameters();
  const ledger = `${p.$(scope.ledgerKey)}::uuid`;
  const size = p.$(limit + 1);
  const range = {
    axis,
    ...(from === undefined ? {} : { fromMs: Date.parse(from) }),
    ...(to === undefined ? {} : { toMs: Date.parse(to) }),
    ...(before === undefined
      ? {}
      : { before: { effectiveMs: Number(before[0]), sequence: Number(before[1]) } }),
  };
  const branches = entryBranches(range, p.$(accountKey(scope.ledgerId, address)), ledger, p).map(
    ({ where, order }) => `(select e.* from read.entries e where ${where} order by ${order} limit ${size})`,
  );
  const { rows } = await sql.query<EntryRow>(
    `select ${entryColumns}, t.description, ${new RowFaults(scope, p).entry(`${p.$(address)}::text`)} as fault
       from (select * from (${branches.join(' union all ')}) b order by ${mergedOrder(axis, 'b')} limit ${size}) e
       left join read.transactions t on t.ledger_key = ${ledger} and t.id = e.transaction_id
      order by ${mergedOrder(axis, 'e')}`,
    p.values,
  );
  assertSound(scope, rows);
  return rows;
}

function entryView(
  address: string,
  { type, currency }: Terms,
  row: EntryRow,
  totals: AccountTotals,
): AccountEntryView {
  return {
    object: 'entry',
    account: address,
    direction: row.direction === 'D' ? 'debit' : 'credit',
    amount: row.amount,
    currency,
    effect: effectOf(row.effect),
    transaction: row.transaction_id,
    event: { id: row.event_id, type: row.event_type, revision: revisionOf(Number(row.sequence)) },
    description: row.description,
    effective_at: isoTime(row.effective_ms),
    recorded_at: isoTime(row.recorded_ms),
    running: runningView(type, totals),
  };
}
