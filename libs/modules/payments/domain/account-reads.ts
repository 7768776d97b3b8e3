import { BoundedMap } from '@fintech-ledger/contract';
import { readsOfLines } from '@fintech-ledger/ledger/domain';
import { chartAccount, clearingAccount, ownerAccount } from './chart';
import type { ChartAccount } from './chart';

/* Keys of the accounts that payments book on. They are asked for again and again: the same texts are hashed once. */

/** Gives what was made of the same names before. */
function remembered(
  max: number,
  make: (of: string, currency: string) => readonly ChartAccount[],
): (of: string, currency: string) => readonly string[] {
  const known = new BoundedMap<string, readonly string[]>(max);
  return (of, currency) => {
    const name = `${of} ${currency}`;
    const before = known.get(name);
    if (before !== undefined) return before;
    const keys = readsOfLines(make(of, currency));
    known.set(name, keys);
    return keys;
  };
}

/** By rail: every account that events of the platform's payments book on. */
export const accountReads = remembered(1_000, (rail, currency) => {
  const names = ['bank', 'available', 'pending', 'result', 'refundsInTransit', 'processing'] as const;
  return [clearingAccount(rail, currency), ...names.map((name) => chartAccount(name, currency))];
});

/** By connected account: those that its payments book on in addition. */
export const chargeReads = remembered(10_000, (account, currency) => [
  ownerAccount(account, 'available', currency),
  ownerAccount(account, 'pending', currency),
  chartAccount('applicationFees', currency),
  chartAccount('result', currency),
]);
