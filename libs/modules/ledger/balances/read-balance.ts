import {
  ReadModelInconsistent,
  StatementParameters,
  reachedRevision,
  readAt,
} from '@fintech-ledger/projection-runtime';
import type { AsOf, At, BalanceView } from '@fintech-ledger/projection-runtime';
import type { AccountType } from '@fintech-ledger/ledger/domain';
import type { Sql } from '@fintech-ledger/postgres';
import { accountKey } from '../read-model/keys';
import { runningView, totalsColumns, totalsOf } from './balance-view';
import type { TotalsRow } from './balance-view';
import { asOfSource } from './as-of';
import type { LedgerScope } from '../read-model/ledger-scope';

interface BalanceRow extends TotalsRow {
  readonly type: AccountType;
  readonly currency: string;
  readonly version: string;
  /** The row does not contradict the account's last entry. */
  readonly holds: boolean;
}

/** SQL: the row says what the account's last entry does. True as well while the entries are behind the accounts. */
function holdsWithEntries(scope: LedgerScope, p: StatementParameters): string {
  const differs = totalsColumns.map((column) => `a.${column} <> coalesce(x.${column}, 0)`).join(' or ');
  return `not coalesce(
      (select k.revision from read.checkpoints k where k.stream = ${p.$(scope.stream)} and k.projection = 'entries')
        >= position.at
      and exists (
        select from (select) one left join read.recorded_totals(a.account_key, position.at) x on true where ${differs}),
      false)`;
}

/** An account's balance, now or as of a moment. `version` is only told for now. @throws ReadModelInconsistent */
export async function readBalance(
  sql: Sql,
  scope: LedgerScope,
  address: string,
  asOf?: AsOf,
): Promise<At<BalanceView | null>> {
  const p = new StatementParameters();
  const reached =
    asOf === undefined
      ? reachedRevision(p.$(scope.stream), 'accounts')
      : reachedRevision(p.$(scope.stream), 'accounts', 'entries');
  const key = p.$(accountKey(scope.ledgerId, address));
  const { join, existed } = asOfSource(scope, asOf, p);
  const holds = asOf === undefined ? holdsWithEntries(scope, p) : 'true';
  const { revision, rows } = await readAt<BalanceRow>(
    sql,
    reached,
    `select true as row_exists, a.type, a.currency, a.version, ${totalsColumns.map((column) => `t.${column}`).join(', ')},
            ${holds} as holds
       from read.accounts a ${join} where a.account_key = ${key} and ${existed}`,
    undefined,
    p,
    `read-balance-${asOf === undefined ? 'now' : 'time' in asOf ? asOf.axis : 'revision'}`,
  );
  const row = rows[0];
  if (row === undefined) return { revision, result: null };
  if (!row.holds)
    throw new ReadModelInconsistent(
      scope.ledgerId,
      `account ${address}`,
      'its totals are not those of its last entry',
    );
  const result: BalanceView = {
    currency: row.currency,
    ...runningView(row.type, totalsOf(row)),
    version: asOf === undefined ? Number(row.version) : null,
    position: `${scope.ledgerId}@${revision}`,
  };
  return { revision, result };
}
