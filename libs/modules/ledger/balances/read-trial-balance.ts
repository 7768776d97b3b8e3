import type { AsOf, At, PageRequest } from '@fintech-ledger/projection-runtime';
import type { TrialBalanceView } from '../views/balance';
import type { AccountType } from '@fintech-ledger/ledger/domain';
import type { Database } from '@fintech-ledger/postgres';
import {
  decodeCursor,
  encodeCursor,
  pageOf,
  ReadModelInconsistent,
  StatementParameters,
  reachedRevision,
  readAt,
} from '@fintech-ledger/projection-runtime';
import { asOfSource } from './as-of';
import { readCurrencySums } from './currency-sums';
import type { CurrencyLine } from './currency-sums';
import type { LedgerScope } from '../read-model/keys';
import { assertSound } from '../read-model/sound-rows';
import type { FaultyRow } from '../read-model/sound-rows';

interface AccountLine {
  readonly account: string;
  readonly type: AccountType;
  readonly currency: string;
  readonly debits: string;
  readonly credits: string;
}
const kind = 'trial-balance';
/** Accounts of a ledger whose rows are added up as of a moment; in larger ones the sums by currency are asked. */
const accountsSummedMax = 1_000;

/**
 * Posted debits and credits, by account (in the order of addresses) and in all by currency. The totals are summed from
 * the accounts' rows, never taken for granted; as of a moment only while these are few. All read one snapshot.
 * @throws InvalidCursor
 * @throws ReadModelInconsistent they don't balance, or an account of the page is not what its entries say
 */
export async function readTrialBalance(
  db: Database,
  scope: LedgerScope,
  asOf: AsOf | undefined,
  { limit, cursor }: PageRequest,
  summedMax = accountsSummedMax,
): Promise<At<TrialBalanceView>> {
  const after = cursor === undefined ? undefined : decodeCursor(kind, ['string'], cursor)[0];
  return db.transaction(
    async (sql) => {
      const summed = asOf && (await readCurrencySums(sql, scope, asOf, summedMax));
      const totals =
        summed ??
        (await read<CurrencyLine>(
          (from) =>
            `select true as row_exists, a.currency, sum(t.posted_debits) as debits, sum(t.posted_credits) as credits,
                  sum(t.posted_debits) - sum(t.posted_credits) as posted,
                  sum(t.pending_debits) - sum(t.pending_credits) as pending
             from ${from} group by a.currency`,
          'r.currency',
        ));
      const lines = await read<AccountLine & FaultyRow>(
        (from, p, fault) =>
          `select true as row_exists, a.address as account, a.type, a.currency, t.posted_debits as debits, t.posted_credits as credits,
                  ${fault()} as fault
             from ${from} ${after === undefined ? '' : `and a.address > ${p.$(after)}`}
            order by a.address limit ${p.$(limit + 1)}`,
        'r.account',
      );
      assertSound(scope, lines.rows);
      assertBalanced(scope, asOf, totals.rows);
      return {
        revision: totals.revision,
        result: {
          ...pageOf(lines.rows, limit, lineView, ({ account }) => encodeCursor(kind, [account])),
          totals: totals.rows.map(({ currency, debits, credits }) => ({ currency, debits, credits })),
          balanced: true,
          position: `${scope.ledgerId}@${totals.revision}`,
        },
      };

      function read<R extends object>(
        rows: (from: string, p: StatementParameters, fault: () => string) => string,
        order: string,
      ): Promise<{ readonly revision: number; readonly rows: readonly R[] }> {
        const p = new StatementParameters();
        const reached = reachedRevision(p.$(scope.stream), 'accounts', 'entries');
        const ledger = p.$(scope.ledgerKey);
        const { join, existed, fault } = asOfSource(scope, asOf, p);
        const from = `read.accounts a ${join} where a.ledger_key = ${ledger} and ${existed}`;
        return readAt<R>(sql, reached, rows(from, p, fault), order, p);
      }
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

/** What an alarm about sums that don't balance is named after. */
export const trialBalanceSubject = (asOf: AsOf | undefined): string =>
  asOf === undefined ? 'trial balance' : 'trial balance as of a moment';

function assertBalanced(scope: LedgerScope, asOf: AsOf | undefined, lines: readonly CurrencyLine[]): void {
  for (const { currency, posted, pending } of lines) {
    if (posted === '0' && pending === '0') continue;
    const reason = `debits and credits in ${currency} differ by ${posted} posted and ${pending} pending`;
    throw new ReadModelInconsistent(scope.ledgerId, trialBalanceSubject(asOf), reason);
  }
}

const lineView = ({ account, type, currency, debits, credits }: AccountLine): AccountLine => ({
  account,
  type,
  currency,
  debits,
  credits,
});
