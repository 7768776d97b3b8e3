import type { BookedEntry, TransactionSnapshot } from '@fintech-ledger/ledger/domain';
import { detailFieldsOf, totalsFrom } from '@fintech-ledger/ledger/domain';
import { runningView } from '../balances/balance-view';
import type { BalanceAfter } from '../views/balance';
import type { TransactionView } from '../views/transaction';

/** A transaction in the API's shape. */
export function transactionView(transaction: TransactionSnapshot): TransactionView {
  return {
    id: transaction.id,
    object: 'transaction',
    status: transaction.status,
    is_hold: transaction.isHold,
    entries: transaction.lines.map((line) => ({
      account: line.account,
      direction: line.direction,
      amount: line.amount,
      currency: line.currency,
      held: line.held,
      captured: line.captured,
      reversed: line.reversed,
    })),
    ...detailFieldsOf(transaction),
    effective_at: transaction.effectiveAt,
    recorded_at: transaction.recordedAt,
    expires_at: transaction.expiresAt,
    reverses: transaction.reverses,
    reversed_by: transaction.reversedBy,
    metadata: transaction.metadata,
  };
}

/** Each touched account's balance after the last of these entries. */
export function balancesAfter(entries: readonly BookedEntry[]): Record<string, BalanceAfter> {
  const balances: Record<string, BalanceAfter> = {};
  for (const { account, accountType, after, currency } of entries) {
    const balance = runningView(accountType, totalsFrom(after));
    balances[account] = { currency, ...balance, version: after.version };
  }
  return balances;
}
