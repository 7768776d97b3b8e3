import { remembered } from '@fintech-ledger/contract';
import { readsOfLines } from '@fintech-ledger/ledger/domain';
import { chartAccount, clearingAccount, ownerAccount } from './chart';
import type { ChartAccount } from './chart';

/* Keys of the accounts that payments book on. They are asked for again and again: the same texts are hashed once. */

type Accounts = (of: string, currency: string) => readonly ChartAccount[];

function ofEach(max: number, accounts: Accounts): (of: string, currency: string) => readonly string[] {
  // Neither of them has a space.
  const known = remembered(max, (both: string) => {
    const [of = '', currency = ''] = both.split(' ');
    return readsOfLines(accounts(of, currency));
  });
  return (of, currency) => known(`${of} ${currency}`);
}

/** By rail: every account that events of the platform's payments book on. */
export const accountReads = ofEach(1_000, (rail, currency) => {
  const names = ['bank', 'available', 'pending', 'result', 'refundsInTransit', 'processing'] as const;
  return [clearingAccount(rail, currency), ...names.map((name) => chartAccount(name, currency))];
});

/** By connected account: those that its payments book on in addition. */
export const chargeReads = ofEach(10_000, (account, currency) => [
  ownerAccount(account, 'available', currency),
  ownerAccount(account, 'pending', currency),
  chartAccount('applicationFees', currency),
  chartAccount('result', currency),
]);
