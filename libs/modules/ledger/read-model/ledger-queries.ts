import type { LedgerQueries, PositionWaiter } from '@fintech-ledger/projection-runtime';
import { journalStream } from '@fintech-ledger/envelope';
import type { Database } from '@fintech-ledger/postgres';
import { HaltedOwners } from '@fintech-ledger/projection-runtime';
import { InconsistentRows } from './inconsistent-rows';
import type { RowObserver } from './inconsistent-rows';
import { ledgerScope } from './ledger-scope';
import { readAccountEntries } from '../history/read-model/read-account-entries';
import { readAccount, readAccounts } from '../accounts/read-model/read-accounts';
import { readBalance } from '../balances/read-balance';
import { readSubtreeBalances } from '../balances/read-subtree-balances';
import { readTransaction, readTransactions } from '../transactions/read-model/read-transactions';
import { readTrialBalance } from '../balances/read-trial-balance';

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
    account: (ledgerId, address) => readAccount(db, ledgerScope(ledgerId), address),
    accounts: (ledgerId, filter, page) => readAccounts(db, ledgerScope(ledgerId), filter, page),
    balance: (ledgerId, address, asOf) =>
      rows.watch(
        readBalance(db, ledgerScope(ledgerId), address, asOf),
        ledgerId,
        asOf === undefined ? `account ${address}` : undefined,
      ),
    subtreeBalances: (ledgerId, request, page) =>
      readSubtreeBalances(db, ledgerScope(ledgerId), request, page),
    trialBalance: (ledgerId, asOf, page) => readTrialBalance(db, ledgerScope(ledgerId), asOf, page),
    transaction: (ledgerId, transactionId) =>
      rows.watch(
        readTransaction(db, ledgerScope(ledgerId), transactionId),
        ledgerId,
        `transaction ${transactionId}`,
      ),
    transactions: (ledgerId, filter, page) =>
      rows.watch(readTransactions(db, ledgerScope(ledgerId), filter, page)),
    accountEntries: (ledgerId, address, filter, page) =>
      readAccountEntries(db, ledgerScope(ledgerId), address, filter, page),
  };
}
