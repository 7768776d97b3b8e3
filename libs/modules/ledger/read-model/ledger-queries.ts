import type { PositionWaiter } from '@fintech-ledger/projection-runtime';
import type { LedgerQueries } from './queries';
import { journalStream } from '@fintech-ledger/envelope';
import type { Database } from '@fintech-ledger/postgres';
import { HaltedOwners } from '@fintech-ledger/projection-runtime';
import { InconsistentRows } from './inconsistent-rows';
import type { RowObserver } from './inconsistent-rows';
import { accountKey, ledgerScope } from './keys';
import { readAccountEntries } from '../history/read-model/read-account-entries';
import { readAccount, readAccounts } from '../accounts/read-model/read-accounts';
import { readBalance } from '../balances/read-balance';
import { readSubtreeBalances } from '../balances/read-subtree-balances';
import { readTransaction, readTransactions } from '../transactions/read-model/read-transactions';
import { readTrialBalance, trialBalanceSubject } from '../balances/read-trial-balance';

/** The queries about one ledger over its read models. All throw DatabaseUnavailable when Postgres is unavailable. */
export function postgresLedgerQueries(
  db: Database,
  waiter: Pick<PositionWaiter, 'waitFor'>,
  observer?: RowObserver,
): LedgerQueries {
  const rows = new InconsistentRows(observer);
  const halted = new HaltedOwners(db);
  return {
    haltedReason: (ledgerId) => halted.reasonOf(journalStream(ledgerId)),
    waitFor: (ledgerId, revision, timeoutMs) => waiter.waitFor(journalStream(ledgerId), revision, timeoutMs),
    account: (ledgerId, address) =>
      rows.watch(readAccount(db, ledgerScope(ledgerId), address), ledgerId, () =>
        ofAccount(ledgerId, address),
      ),
    accounts: (ledgerId, filter, page) =>
      rows.watch(readAccounts(db, ledgerScope(ledgerId), filter, page), ledgerId, ({ result }) =>
        result.data.flatMap((account) => ofAccount(ledgerId, account.address)),
      ),
    balance: (ledgerId, address, asOf) =>
      rows.watch(readBalance(db, ledgerScope(ledgerId), address, asOf), ledgerId, () => [
        ...ofAccount(ledgerId, address),
        ...(asOf !== undefined && 'time' in asOf && asOf.axis === 'effective'
          ? [`dated entries of account ${address}`]
          : []),
      ]),
    subtreeBalances: (ledgerId, request, page) =>
      rows.watch(readSubtreeBalances(db, ledgerScope(ledgerId), request, page), ledgerId, () => []),
    trialBalance: (ledgerId, asOf, page) =>
      rows.watch(readTrialBalance(db, ledgerScope(ledgerId), asOf, page), ledgerId, ({ result }) => [
        trialBalanceSubject(asOf),
        ...result.data.flatMap(({ account }) => ofAccount(ledgerId, account)),
      ]),
    transaction: (ledgerId, transactionId) =>
      rows.watch(readTransaction(db, ledgerScope(ledgerId), transactionId), ledgerId, () => [
        `transaction ${transactionId}`,
      ]),
    transactions: (ledgerId, filter, page) =>
      rows.watch(readTransactions(db, ledgerScope(ledgerId), filter, page), ledgerId, ({ result }) =>
        result.data.map(({ id }) => `transaction ${id}`),
      ),
    accountEntries: (ledgerId, address, filter, page) =>
      rows.watch(
        readAccountEntries(db, ledgerScope(ledgerId), address, filter, page),
        ledgerId,
        ({ result }) => [
          ...ofAccount(ledgerId, address),
          ...(result?.data ?? []).map(({ event }) => `entry @${event.revision} of account ${address}`),
        ],
      ),
  };
}

const ofAccount = (ledgerId: string, address: string): readonly string[] => [
  `account ${address}`,
  `account with the key ${accountKey(ledgerId, address)}`,
];
