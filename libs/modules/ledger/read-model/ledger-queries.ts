import { HaltedOwners, ReadModelInconsistent } from '@fintech-ledger/projection-runtime';
import type { PositionWaiter } from '@fintech-ledger/projection-runtime';
import { journalStream } from '@fintech-ledger/envelope';
import type { Database } from '@fintech-ledger/postgres';
import type { LedgerQueries } from './queries';
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

/** Is told of rows that contradict what they should say, and of those that hold again. */
export interface RowObserver {
  inconsistent(subject: string, reason: string): void;
  holdsAgain(subject: string): void;
}

/** Subjects that are remembered; beyond them an alarm stands until the process ends. */
const rememberedMax = 1_000;

/** Tells the observer what the readers refuse to answer. */
export class InconsistentRows {
  private readonly known = new Set<string>();

  constructor(private readonly observer: RowObserver | undefined) {}

  /** @param subjects the rows that were read, and held */
  async watch<T>(read: Promise<T>, ledgerId: string, subjects: (answer: T) => readonly string[]): Promise<T> {
    try {
      const answer = await read;
      if (this.known.size > 0) {
        for (const subject of subjects(answer)) {
          const row = `${ledgerId} ${subject}`;
          if (this.known.delete(row)) this.observer?.holdsAgain(row);
        }
      }
      return answer;
    } catch (error) {
      if (error instanceof ReadModelInconsistent) {
        const row = `${error.ledgerId} ${error.subject}`;
        if (this.known.size < rememberedMax) this.known.add(row);
        this.observer?.inconsistent(row, error.message);
      }
      throw error;
    }
  }
}
