import type { Bucket } from '@fintech-ledger/payments/domain';
import type { Sql } from '@fintech-ledger/postgres';
import {
  decodeCursor,
  encodeCursor,
  pageOf,
  readAt,
  StatementParameters,
} from '@fintech-ledger/projection-runtime';
import type { At, PageRequest } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import { reachedOf } from './conditions';
import type { OwedBalance } from './queries';

interface Row {
  readonly owner: string;
  readonly currency: string;
  readonly bucket: Bucket;
  readonly amount: string;
}

/** By owner, currency and part. @throws InvalidCursor */
export async function selectNegativeBalances(
  sql: Sql,
  ledgerId: string,
  { limit, cursor }: PageRequest,
): Promise<At<PageOf<OwedBalance>>> {
  const p = new StatementParameters();
  const reached = reachedOf(ledgerId, p);
  const where = [`x.ledger_id = ${p.$(ledgerId)}`, 'x.amount < 0'];
  if (cursor !== undefined) {
    const after = decodeCursor('negative_balances', ['string', 'string', 'string'], cursor);
    where.push(`(x.owner, x.currency, x.bucket) > (${after.map((value) => p.$(value)).join(', ')})`);
  }
  const text = `select true as row_exists, x.owner, x.currency, x.bucket, x.amount from read.balances x
                 where ${where.join(' and ')} order by x.owner, x.currency, x.bucket limit ${p.$(limit + 1)}`;
  const { revision, rows } = await readAt<Row>(sql, reached, text, 'r.owner, r.currency, r.bucket', p);
  const cursorOf = ({ owner, currency, bucket }: Row): string =>
    encodeCursor('negative_balances', [owner, currency, bucket]);
  const shown = ({ owner, currency, bucket, amount }: Row): OwedBalance => ({
    owner,
    currency,
    bucket,
    amount,
  });
  return { revision, result: pageOf(rows, limit, shown, cursorOf) };
}

/** Of all environments. */
export async function countNegativeBalances(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ count: string }>(
    'select count(*) as count from read.balances where amount < 0',
  );
  return Number(rows[0]?.count ?? 0);
}
