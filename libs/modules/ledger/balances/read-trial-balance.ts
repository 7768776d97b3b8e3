import type { AsOf, At, PageRequest, TrialBalanceView } from '@fintech-ledger/projection-runtime';
import type { AccountType } from '@fintech-ledger/ledger/domain';
import type { Database } from '@fintech-ledger/postgres';
import {
  decodeCursor,
  encodeCursor,
  pageOf,
  StatementParameters,
  reachedRevision,
  readAt,
} from '@fintech-ledger/projection-runtime';
import { asOfSource } from './as-of';
import type { LedgerScope } from '../read-model/ledger-scope';

interface AccountLine {
  readonly account: string;
  readonly type: AccountType;
  readonly currency: string;
  readonly debits: string;
  readonly credits: string;
}
type CurrencyLine = Pick<AccountLine, 'currency' | 'debits' | 'credits'>;

const kind = 'trial-balance';

/**
 * Posted debits and credits, by account (in the order of addresses) and in all by currency. The totals are summed from the accounts' rows,
 * never taken for granted: `balanced` is a check. Both statements read one snapshot.
 * @throws InvalidCursor
 */
export async function readTrialBalance(
  db: Database,
  scope: LedgerScope,
  asOf: AsOf | undefined,
  { limit, cursor }: PageRequest,
): Promise<At<TrialBalanceView>> {
  const after = cursor === undefined ? undefined : decodeCursor(kind, ['string'], cursor)[0];
  return db.transaction(
    async (sql) => {
      const totals = await read<CurrencyLine>(
        (from) =>
          `select true as row_exists, a.currency, sum(t.posted_debits) as debits, sum(t.posted_credits) as credits
             from ${from} group by a.currency`,
        'r.currency',
      );
      const lines = await read<AccountLine>(
        (from, p) =>
          `select true as row_exists, a.address as account, a.type, a.currency, t.posted_debits as debits, t.posted_credits as credits
             from ${from} ${after === undefined ? '' : `and a.address > ${p.$(after)}`}
            order by a.address limit ${p.$(limit + 1)}`,
        'r.account',
      );
      return {
        revision: totals.revision,
        result: {
          ...pageOf(lines.rows, limit, lineView, ({ account }) => encodeCursor(kind, [account])),
          totals: totals.rows.map(({ currency, debits, credits }) => ({ currency, debits, credits })),
          balanced: totals.rows.every(({ debits, credits }) => debits === credits),
          position: `${scope.ledgerId}@${totals.revision}`,
        },
      };

      function read<R extends object>(
        rows: (from: string, p: StatementParameters) => string,
        order: string,
      ): Promise<{ readonly revision: number; readonly rows: readonly R[] }> {
        const p = new StatementParameters();
        const reached = reachedRevision(p.$(scope.stream), 'accounts', 'entries');
        const ledger = p.$(scope.ledgerKey);
        const { join, existed } = asOfSource(scope, asOf, p);
        const from = `read.accounts a ${join} where a.ledger_key = ${ledger} and ${existed}`;
        return readAt<R>(sql, reached, rows(from, p), order, p);
      }
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

const lineView = ({ account, type, currency, debits, credits }: AccountLine): AccountLine => ({
  account,
  type,
  currency,
  debits,
  credits,
});
