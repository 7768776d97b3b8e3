import { readsOfLines } from '@fintech-ledger/ledger/domain';
import { bankAccountsKey } from './bank-transfers';
import { accountsOfPayout } from './bookings';
import { chartAccount } from './chart';
import { connectedAccountKey } from './connected-accounts';
import type { PayoutFacts } from './payout-facts';
import { ownerKey, payoutBatchesKey } from './records';

/** The accounts that events of payouts book on, and whose they are. */
export const payoutReads = (of: Pick<PayoutFacts, 'connectedAccount' | 'currency'>): readonly string[] => [
  ...[bankAccountsKey, payoutBatchesKey(of.currency)],
  ...readsOfLines([...accountsOfPayout(of), chartAccount('unapplied', of.currency)]),
  ...(of.connectedAccount === undefined
    ? []
    : [connectedAccountKey(of.connectedAccount), ownerKey(of.connectedAccount)]),
];
