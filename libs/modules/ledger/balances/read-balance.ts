import { StatementParameters, reachedRevision } from '@fintech-ledger/projection-runtime';
import type { AsOf, At } from '@fintech-ledger/projection-runtime';
import type { BalanceView } from '../views/balance';
import type { AccountType } from '@fintech-ledger/ledger/domain';
import type { Sql } from '@fintech-ledger/postgres';
import { accountKey } from '../read-model/keys';
import { assertNoEntries, readSound } from '../read-model/sound-rows';
import type { FaultyRow } from '../read-model/sound-rows';
import { runningView, totalsColumns, totalsOf } from './balance-view';
import type { TotalsRow } from './balance-view';
import { asOfSource, momentOf } from './as-of';
import type { LedgerScope } from '../read-model/keys';

interface BalanceRow extends TotalsRow, FaultyRow {
  readonly type: AccountType;
  readonly currency: string;
  readonly version: string;
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
  const { join, existed, fault } = asOfSource(scope, asOf, p);
  const { revision, rows } = await readSound<BalanceRow>(
    sql,
    scope,
    reached,
    `select true as row_exists, a.type, a.currency, a.version, ${totalsColumns.map((column) => `t.${column}`).join(', ')},
            ${fault()} as fault
       from read.accounts a ${join} where a.account_key = ${key} and ${existed}`,
    undefined,
    p,
    `read-balance-${asOf === undefined ? 'now' : 'time' in asOf ? asOf.axis : 'revision'}`,
  );
  const row = rows[0];
  if (row === undefined) {
    const q = new StatementParameters();
    await assertNoEntries(sql, scope, address, momentOf(scope, asOf, `${q.$(revision)}::bigint`, q), q);
    return { revision, result: null };
  }
  const result: BalanceView = {
    currency: row.currency,
    ...runningView(row.type, totalsOf(row)),
    version: asOf === undefined ? Number(row.version) : null,
    position: `${scope.ledgerId}@${revision}`,
  };
  return { revision, result };
}
