import type { Bucket } from '@fintech-ledger/payments/domain';
import type { Sql } from '@fintech-ledger/postgres';
import {
  by,
  byInOrder,
  decodeCursor,
  encodeCursor,
  pageOf,
  readAt,
  StatementParameters,
  withinInOrder,
} from '@fintech-ledger/projection-runtime';
import type { AsOf, At, InOrder, PageRequest } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import { reachedOf } from './conditions';
import type { LineFilter, StoredBalance, StoredLine } from './queries';

/** Of one bucket in one currency, as the primary key has them. The balance is `x`. */
const statesOfBalance: InOrder = {
  table: 'balance_states',
  rows: `y.ledger_id = x.ledger_id and y.owner = x.owner and y.bucket = x.bucket and y.currency = x.currency`,
  revision: 'revision',
  ms: 'effective_ms',
};

export async function selectBalance(
  sql: Sql,
  ledgerId: string,
  owner: string,
  asOf: AsOf | undefined,
): Promise<At<readonly StoredBalance[]>> {
  const p = new StatementParameters();
  const reached = reachedOf(ledgerId, p);
  const then =
    asOf === undefined
      ? 'select x.amount'
      : `select s.amount from read.balance_states s
          where s.ledger_id = x.ledger_id and s.owner = x.owner and s.bucket = x.bucket and s.currency = x.currency
            and ${byInOrder(statesOfBalance, 's', asOf, p)}
          order by s.revision desc limit 1`;
  const text = `select true as row_exists, x.bucket, x.currency, t.amount from read.balances x
                 cross join lateral (${then}) t
                 where x.ledger_id = ${p.$(ledgerId)} and x.owner = ${p.$(owner)}`;
  type Row = { readonly bucket: Bucket; readonly currency: string; readonly amount: string };
  const { revision, rows } = await readAt<Row>(sql, reached, text, 'r.currency, r.bucket', p);
  return { revision, result: rows.map(({ bucket, currency, amount }) => ({ bucket, currency, amount })) };
}

interface LineRow {
  readonly id: string;
  readonly revision: string;
  readonly number: number;
  readonly effective_ms: string;
  readonly type: StoredLine['type'];
  readonly amount: string;
  readonly application_fee: string;
  readonly fee: string;
  readonly moved: string | null;
  readonly currency: string;
  readonly livemode: boolean;
  readonly source: string;
  readonly is_pending: boolean;
  readonly available_ms: string;
}
const columns = `x.id, x.revision, x.number, x.effective_ms, x.type, x.amount, x.application_fee, x.fee, x.moved,
  x.currency, x.livemode, x.source, x.available_ms`;
const lineOf = (row: LineRow): StoredLine => ({
  id: row.id,
  revision: Number(row.revision),
  createdMs: Number(row.effective_ms),
  type: row.type,
  amount: row.amount,
  applicationFee: row.application_fee,
  fee: row.fee,
  moved: row.moved,
  currency: row.currency,
  livemode: row.livemode,
  source: row.source,
  isPending: row.is_pending,
  availableMs: Number(row.available_ms),
});
const isPending = 'x.settlement is not null and x.settled_revision is null';

export async function selectBalanceTransaction(
  sql: Sql,
  ledgerId: string,
  owner: string,
  id: string,
  asOf: AsOf | undefined,
): Promise<At<StoredLine | null>> {
  const p = new StatementParameters();
  const reached = reachedOf(ledgerId, p);
  const where = [`x.ledger_id = ${p.$(ledgerId)}`, `x.owner = ${p.$(owner)}`, `x.id = ${p.$(id)}`];
  if (asOf !== undefined) where.push(by(asOf, 'x.revision', 'x.effective_ms', p));
  const pending =
    asOf === undefined
      ? isPending
      : `x.settlement is not null and not coalesce(${by(asOf, 'x.settled_revision', 'x.settled_ms', p)}, false)`;
  const text = `select true as row_exists, ${columns}, ${pending} as is_pending from read.balance_transactions x
                 where ${where.join(' and ')}`;
  const { revision, rows } = await readAt<LineRow>(sql, reached, text, undefined, p);
  return { revision, result: rows[0] === undefined ? null : lineOf(rows[0]) };
}

/** Nearly all lines are of these types: the index of the others has none of them (0105). */
const commonTypes: readonly string[] = ['payment', 'transfer', 'application_fee'];

/** SQL: lines of one type. */
function ofType(type: string, p: StatementParameters): readonly string[] {
  const isRare = `x.type not in (${commonTypes.map((common) => `'${common}'`).join(', ')})`;
  return [`x.type = ${p.$(type)}`, ...(commonTypes.includes(type) ? [] : [isRare])];
}

export async function selectBalanceTransactions(
  sql: Sql,
  ledgerId: string,
  { owner, currency, source, status, type, ...created }: LineFilter,
  { limit, cursor }: PageRequest,
): Promise<At<PageOf<StoredLine>>> {
  const p = new StatementParameters();
  const reached = reachedOf(ledgerId, p);
  const [ledgerOf, ownerOf] = [p.$(ledgerId), p.$(owner)];
  const lines: InOrder = {
    table: 'balance_transactions',
    rows: `y.ledger_id = ${ledgerOf} and y.owner = ${ownerOf}`,
    revision: 'revision',
    ms: 'effective_ms',
  };
  const where = [
    ...[`x.ledger_id = ${ledgerOf}`, `x.owner = ${ownerOf}`],
    ...withinInOrder(lines, created, p),
  ];
  if (currency !== undefined) where.push(`x.currency = ${p.$(currency)}`);
  if (source !== undefined) where.push(`x.source = ${p.$(source)}`);
  if (type !== undefined) where.push(...ofType(type, p));
  if (status !== undefined) where.push(status === 'pending' ? isPending : `not (${isPending})`);
  if (cursor !== undefined) {
    const [revision = 0, number = 0] = decodeCursor('balance_transactions', ['revision', 'integer'], cursor);
    where.push(`(x.revision, x.number) < (${p.$(revision)}::bigint, ${p.$(number)}::integer)`);
  }
  const text = `select true as row_exists, ${columns}, ${isPending} as is_pending from read.balance_transactions x
                 where ${where.join(' and ')} order by x.revision desc, x.number desc limit ${p.$(limit + 1)}`;
  const { revision, rows } = await readAt<LineRow>(sql, reached, text, 'r.revision desc, r.number desc', p);
  const cursorOf = (row: LineRow): string =>
    encodeCursor('balance_transactions', [Number(row.revision), row.number]);
  return { revision, result: pageOf(rows, limit, lineOf, cursorOf) };
}
