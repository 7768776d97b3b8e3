import type { At, PageRequest } from '@fintech-ledger/projection-runtime';
import type { AccountView } from '../../views/account';
import type { LedgerQueries } from '../../read-model/queries';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import type { Sql } from '@fintech-ledger/postgres';
import { accountKey } from '../../read-model/keys';
import {
  decodeCursor,
  encodeCursor,
  pageOf,
  StatementParameters,
  reachedRevision,
} from '@fintech-ledger/projection-runtime';
import { accountColumns, accountView } from './account-rows';
import type { AccountRow } from './account-rows';
import { addressRange, metadataFilter } from './filters';
import type { LedgerScope } from '../../read-model/keys';
import { RowFaults } from '../../read-model/row-faults';
import { assertNoEntries, readSound } from '../../read-model/sound-rows';
import type { FaultyRow } from '../../read-model/sound-rows';

type AccountsFilter = Parameters<LedgerQueries['accounts']>[1];

const kind = 'accounts';

/** @throws ReadModelInconsistent */
export async function readAccount(
  sql: Sql,
  scope: LedgerScope,
  address: string,
): Promise<At<AccountView | null>> {
  const p = new StatementParameters();
  const { revision, rows } = await readSound<AccountRow & FaultyRow>(
    sql,
    scope,
    reachedRevision(p.$(scope.stream), 'accounts'),
    `select true as row_exists, ${accountColumns}, ${new RowFaults(scope, p).account()} as fault
       from read.accounts a where a.account_key = ${p.$(accountKey(scope.ledgerId, address))}`,
    undefined,
    p,
    'read-account',
  );
  const row = rows[0];
  if (row !== undefined) return { revision, result: accountView(row) };
  const q = new StatementParameters();
  await assertNoEntries(sql, scope, address, `${q.$(revision)}::bigint`, q);
  return { revision, result: null };
}

/** Newest first. @throws InvalidCursor @throws ReadModelInconsistent */
export async function readAccounts(
  sql: Sql,
  scope: LedgerScope,
  filter: AccountsFilter,
  { limit, cursor }: PageRequest,
): Promise<At<Page<AccountView>>> {
  const p = new StatementParameters();
  const reached = reachedRevision(p.$(scope.stream), 'accounts');
  const where = [`a.ledger_key = ${p.$(scope.ledgerKey)}`];
  if (filter.prefix !== undefined) where.push(addressRange('a.address', filter.prefix, p));
  if (filter.type !== undefined) where.push(`a.type = ${p.$(filter.type)}`);
  if (filter.currency !== undefined) where.push(`a.currency = ${p.$(filter.currency)}`);
  where.push(...metadataFilter('a', filter.metadata, p));
  if (cursor !== undefined) {
    const [opened = 0, address = ''] = placeOf(cursor);
    where.push(
      `(a.opened_revision, a.address) < (${p.$(opened)}::bigint, ${p.$(address)}::text collate "C")`,
    );
  }
  const { revision, rows } = await readSound<AccountRow & FaultyRow>(
    sql,
    scope,
    reached,
    `select true as row_exists, ${accountColumns}, ${new RowFaults(scope, p).account()} as fault from read.accounts a
      where ${where.join(' and ')} order by a.opened_revision desc, a.address desc limit ${p.$(limit + 1)}`,
    'r.opened_revision desc, r.address desc',
    p,
  );
  return {
    revision,
    result: pageOf(rows, limit, accountView, ({ opened_revision, address }) =>
      encodeCursor(kind, [Number(opened_revision), address]),
    ),
  };
}

/** A cursor of earlier releases has no address: an event opened one account at most. @throws InvalidCursor */
function placeOf(cursor: string): readonly (string | number)[] {
  try {
    return decodeCursor(kind, ['number', 'string'], cursor);
  } catch {
    return decodeCursor(kind, ['number'], cursor);
  }
}
