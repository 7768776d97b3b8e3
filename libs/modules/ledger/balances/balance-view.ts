import type { RunningBalance } from '../views/balance';
import { availableBalance, postedBalance } from '@fintech-ledger/ledger/domain';
import type { AccountTotals, AccountType } from '@fintech-ledger/ledger/domain';

/** Totals as Postgres gives them. */
export interface TotalsRow {
  readonly posted_debits: string;
  readonly posted_credits: string;
  readonly pending_debits: string;
  readonly pending_credits: string;
}

export const totalsColumns = [
  'posted_debits',
  'posted_credits',
  'pending_debits',
  'pending_credits',
] as const;

export function totalsOf(row: TotalsRow): AccountTotals {
  return {
    postedDebits: BigInt(row.posted_debits),
    postedCredits: BigInt(row.posted_credits),
    pendingDebits: BigInt(row.pending_debits),
    pendingCredits: BigInt(row.pending_credits),
  };
}

/** What the API says of an account's totals. */
export function runningView(type: AccountType, totals: AccountTotals): RunningBalance {
  return {
    posted: {
      debits: String(totals.postedDebits),
      credits: String(totals.postedCredits),
      balance: String(postedBalance(type, totals)),
    },
    pending: { debits: String(totals.pendingDebits), credits: String(totals.pendingCredits) },
    available: String(availableBalance(type, totals)),
  };
}
