import { ReadModelInconsistent, readAt } from '@fintech-ledger/projection-runtime';
import type { StatementParameters } from '@fintech-ledger/projection-runtime';
import type { Sql } from '@fintech-ledger/postgres';
import { accountKey } from './keys';
import type { LedgerScope } from './keys';

/** A row with what `RowFaults` says of it. */
export interface FaultyRow {
  readonly fault: string | null;
}

/** @throws ReadModelInconsistent one of the rows has a fault */
export function assertSound(scope: LedgerScope, rows: readonly FaultyRow[]): void {
  for (const { fault } of rows) {
    if (fault === null) continue;
    const [subject = '', reason = ''] = fault.split('\n');
    throw new ReadModelInconsistent(scope.ledgerId, subject, reason);
  }
}

/** As `readAt`, for rows with a column `fault`. @throws ReadModelInconsistent */
export async function readSound<R extends FaultyRow>(
  sql: Sql,
  scope: LedgerScope,
  ...rest: [
    reached: string,
    rows: string,
    order: string | undefined,
    parameters: StatementParameters,
    name?: string,
  ]
): Promise<{ readonly revision: number; readonly rows: readonly R[] }> {
  const found = await readAt<R>(sql, ...rest);
  assertSound(scope, found.rows);
  return found;
}

/**
 * That an account which has no row (at a revision) has no entries either.
 * @param revision SQL, with its parameters
 * @throws ReadModelInconsistent
 */
export async function assertNoEntries(
  sql: Sql,
  scope: LedgerScope,
  address: string,
  revision: string,
  p: StatementParameters,
): Promise<void> {
  const { rows } = await sql.query(
    `select from read.entries e
      where e.account_key = ${p.$(accountKey(scope.ledgerId, address))}::uuid
        and e.sequence < read.sequence_after(${revision}) limit 1`,
    p.values,
  );
  if (rows.length > 0)
    throw new ReadModelInconsistent(scope.ledgerId, `account ${address}`, 'it has entries and no row');
}
