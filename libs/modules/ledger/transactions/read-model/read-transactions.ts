import type { At, Axis, PageRequest } from '@fintech-ledger/projection-runtime';
import type { TransactionView } from '../../views/transaction';
import type { LedgerQueries } from '../../read-model/queries';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import type { Sql } from '@fintech-ledger/postgres';
import { accountKey } from '../../read-model/keys';
import { statusLetters, transactionColumns, storedTransactionView } from './transaction-rows';
import {
  decodeCursor,
  encodeCursor,
  pageOf,
  StatementParameters,
  reachedRevision,
  readAt,
} from '@fintech-ledger/projection-runtime';
import { entryBranches } from '../../history/read-model/entry-branches';
import { metadataFilter } from '../../accounts/read-model/filters';
import type { LedgerScope } from '../../read-model/keys';
import type { TransactionRow } from './transaction-rows';

type TransactionsFilter = Parameters<LedgerQueries['transactions']>[1];

/** A row with its place in the list: revisions (or, by account, sequences) within effective time. */
interface PlacedRow extends TransactionRow {
  readonly place: string;
}
interface Place {
  readonly effectiveMs: number;
  readonly place: number;
}

export async function readTransaction(
  sql: Sql,
  scope: LedgerScope,
  transactionId: string,
): Promise<At<TransactionView | null>> {
  const p = new StatementParameters();
  const { revision, rows } = await readAt<TransactionRow>(
    sql,
    reachedRevision(p.$(scope.stream), 'transactions'),
    `select true as row_exists, ${transactionColumns} from read.transactions t
      where t.ledger_key = ${p.$(scope.ledgerKey)} and t.id = ${p.$(transactionId)}`,
    undefined,
    p,
    'read-transaction',
  );
  const row = rows[0];
  return { revision, result: row === undefined ? null : storedTransactionView(scope.ledgerId, row) };
}

/**
 * Newest first: by effective time when a range of it is asked for (`from`/`to`, whose axis is the effective one unless
 * said otherwise), else as recorded. @throws InvalidCursor @throws ReadModelInconsistent
 */
export async function readTransactions(
  sql: Sql,
  scope: LedgerScope,
  filter: TransactionsFilter,
  { limit, cursor }: PageRequest,
): Promise<At<Page<TransactionView>>> {
  const axis = axisOf(filter);
  const kind = `transactions-${axis}${filter.account === undefined ? '' : '-account'}`;
  const before = cursor === undefined ? undefined : placeOf(kind, cursor);
  const p = new StatementParameters();
  const reached = reachedRevision(p.$(scope.stream), 'transactions', 'entries');
  const ledger = `${p.$(scope.ledgerKey)}::uuid`;
  const branches = filter.account === undefined ? byStatus(filter) : byAccount(filter, filter.account);
  const size = p.$(limit + 1);
  const order = axis === 'recorded' ? 'place desc' : 'effective_ms desc, place desc';
  const { revision, rows } = await readAt<PlacedRow>(
    sql,
    reached,
    `select * from (${branches.map((branch) => `(${branch} limit ${size})`).join(' union all ')}) merged order by ${order} limit ${size}`,
    order,
    p,
  );
  return {
    revision,
    result: pageOf(
      rows,
      limit,
      (row) => storedTransactionView(scope.ledgerId, row),
      (row) => encodeCursor(kind, [Number(row.effective_ms), Number(row.place)]),
    ),
  };

  function conditions({ status, metadata, ...others }: TransactionsFilter): readonly string[] {
    return [
      `t.ledger_key = ${ledger}`,
      ...(status === undefined ? [] : [`t.status = '${statusLetters[status]}'`]),
      ...named(others).map(([column, value]) => `t.${column} = ${p.$(value)}`),
      ...metadataFilter('t', metadata, p),
    ];
  }

  /** One ordered range of the index per status, so that a rare one is found as fast as a common one. */
  function byStatus({ status, from, to, ...others }: TransactionsFilter): readonly string[] {
    const where = [...conditions(others)];
    const revisionAt = (time: string): string =>
      `read.revision_at(${ledger}, ${p.$(Date.parse(time) - 1)}::bigint)`;
    if (axis === 'recorded') {
      if (from !== undefined) where.push(`t.revision > ${revisionAt(from)}`);
      if (to !== undefined) where.push(`t.revision <= ${revisionAt(to)}`);
      if (before !== undefined) where.push(`t.revision < ${p.$(before.place)}`);
    } else {
      if (from !== undefined) where.push(`t.effective_ms >= ${p.$(Date.parse(from))}`);
      if (to !== undefined) where.push(`t.effective_ms < ${p.$(Date.parse(to))}`);
      if (before !== undefined)
        where.push(`(t.effective_ms, t.revision) < (${p.$(before.effectiveMs)}, ${p.$(before.place)})`);
    }
    const letters = status === undefined ? Object.values(statusLetters) : [statusLetters[status]];
    const ordered = axis === 'recorded' ? 't.revision desc' : 't.effective_ms desc, t.revision desc';
    return letters.map(
      (letter) =>
        `select true as row_exists, ${transactionColumns}, t.revision as place from read.transactions t
          where t.status = '${letter}' and ${where.join(' and ')} order by ${ordered}`,
    );
  }

  /** The account's own entries lead to its transactions. */
  function byAccount(
    { from, to, account: _account, ...others }: TransactionsFilter,
    address: string,
  ): readonly string[] {
    const range = {
      axis,
      ...(from === undefined ? {} : { fromMs: Date.parse(from) }),
      ...(to === undefined ? {} : { toMs: Date.parse(to) }),
      ...(before === undefined
        ? {}
        : { before: { effectiveMs: before.effectiveMs, sequence: before.place } }),
    };
    const key = p.$(accountKey(scope.ledgerId, address));
    return entryBranches(range, key, ledger, p).map(
      ({ where, order: ordered }) =>
        `select true as row_exists, ${transactionColumns}, e.sequence as place
           from read.entries e join read.transactions t on t.id = e.transaction_id
          where ${where} and e.is_first and ${conditions(others).join(' and ')} order by ${ordered}`,
    );
  }
}

/** The columns whose value is asked for. */
function named({
  reference,
  reverses,
  correction_of,
}: TransactionsFilter): readonly (readonly [string, string])[] {
  return Object.entries({ reference, reverses, correction_of }).flatMap(([column, value]) =>
    value === undefined ? [] : [[column, value] as const],
  );
}

function axisOf({ axis, from, to }: TransactionsFilter): Axis {
  return axis ?? (from === undefined && to === undefined ? 'recorded' : 'effective');
}

function placeOf(kind: string, cursor: string): Place {
  const [effectiveMs = 0, place = 0] = decodeCursor(kind, ['number', 'number'], cursor);
  return { effectiveMs: Number(effectiveMs), place: Number(place) };
}
