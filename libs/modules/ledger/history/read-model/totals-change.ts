import type { BookedEntry } from '@fintech-ledger/ledger/domain';

/** What entries add to an account's totals, in minor units. */
export interface TotalsChange {
  readonly postedDebits: bigint;
  readonly postedCredits: bigint;
  readonly pendingDebits: bigint;
  readonly pendingCredits: bigint;
}

export const noChange: TotalsChange = {
  postedDebits: 0n,
  postedCredits: 0n,
  pendingDebits: 0n,
  pendingCredits: 0n,
};

/** The totals with one more entry: post and capture add to posted, hold adds to pending, release and capture take from it. */
export function addEntry(
  totals: TotalsChange,
  { effect, direction, amount }: Pick<BookedEntry, 'effect' | 'direction' | 'amount'>,
): TotalsChange {
  const minor = BigInt(amount);
  const posted = effect === 'post' || effect === 'capture' ? minor : 0n;
  const pending = effect === 'hold' ? minor : effect === 'post' ? 0n : -minor;
  return direction === 'debit'
    ? { ...totals, postedDebits: totals.postedDebits + posted, pendingDebits: totals.pendingDebits + pending }
    : {
        ...totals,
        postedCredits: totals.postedCredits + posted,
        pendingCredits: totals.pendingCredits + pending,
      };
}
