import { HaltedOwners, PositionWaiter, ReadModelInconsistent } from '@fintech-ledger/projection-runtime';
import type { FairTurns, Followed } from '@fintech-ledger/projection-runtime';
import { journalStream } from '@fintech-ledger/envelope';
import type { Database } from '@fintech-ledger/postgres';
import type { LedgerQueries } from './queries';
import { accountKey, ledgerScope } from './keys';
import type { LedgerScope } from './keys';
import { findEvents } from '../history/event-index/find-events';
import { readAccountEntries } from '../history/read-model/read-account-entries';
import { readAccount, readAccounts } from '../accounts/read-model/read-accounts';
import { readBalance } from '../balances/read-balance';
import { readTransaction, readTransactions } from '../transactions/read-model/read-transactions';
import { readTrialBalance, trialBalanceSubject } from '../balances/read-trial-balance';

/** Where queries are asked, and in which turns of the organizations. */
export interface QueriesInTurn {
  /** What has its turn must not wait for a connection: there are as many as turns. */
  readonly db: Database;
  readonly turns: FairTurns;
}

export interface LedgerQueryTurns {
  readonly plain: QueriesInTurn;
  /** What takes long, in a pool of its own: it must not take a connection from the others. */
  readonly expensive: QueriesInTurn;
}

/** The queries about one ledger over its read models. All throw DatabaseUnavailable when Postgres is unavailable. */
export function postgresLedgerQueries(
  db: Database,
  waiter: Pick<PositionWaiter, 'waitFor'>,
  observer?: RowObserver,
  inTurns?: LedgerQueryTurns,
): LedgerQueries {
  const rows = new InconsistentRows(observer);
  const halted = new HaltedOwners(db);
  const follow = (models: Pick<PositionWaiter, 'waitFor'>): Pick<Followed, 'waitFor'> => ({
    waitFor: (ledgerId, revision, timeoutMs) => models.waitFor(journalStream(ledgerId), revision, timeoutMs),
  });
  const followed = {
    ...follow(waiter),
    haltedReason: (ledgerId: string) => halted.reasonOf(journalStream(ledgerId)),
    eventIndex: follow(new PositionWaiter(db, ['events'])),
  };
  const atOnce = { ...followed, ...rowQueries(db, rows, (read) => read()) };
  if (inTurns === undefined) return atOnce;
  return {
    ...atOnce,
    inTurn: ({ organizationId, isExpensive = false }) => {
      const { db: pool, turns } = isExpensive ? inTurns.expensive : inTurns.plain;
      return { ...followed, ...rowQueries(pool, rows, (read) => turns.run(organizationId, read)) };
    },
  };
}

type InTurn = <T>(read: () => Promise<T>) => Promise<T>;

function rowQueries(
  db: Database,
  rows: InconsistentRows,
  inTurn: InTurn,
): Omit<LedgerQueries, 'inTurn' | 'eventIndex' | keyof Followed> {
  const watch: Watch = (ledgerId, read, subjects) =>
    rows.watch(
      inTurn(() => read(ledgerScope(ledgerId))),
      ledgerId,
      subjects,
    );
  return {
    read: (ledgerId, read, subjects = () => []) => watch(ledgerId, (scope) => read(db, scope), subjects),
    ...accountQueries(db, watch),
    ...transactionQueries(db, watch),
    findEvents: (ledgerId, ...asked) => findEvents(db, ledgerScope(ledgerId), ...asked),
  };
}

type Watch = <T>(
  ledgerId: string,
  read: (scope: LedgerScope) => Promise<T>,
  subjects: (answer: T) => readonly string[],
) => Promise<T>;

type AccountQueries = 'account' | 'accounts' | 'balance' | 'trialBalance';

function accountQueries(db: Database, watch: Watch): Pick<LedgerQueries, AccountQueries> {
  return {
    account: (ledgerId, address) =>
      watch(
        ledgerId,
        (scope) => readAccount(db, scope, address),
        () => ofAccount(ledgerId, address),
      ),
    accounts: (ledgerId, filter, page) =>
      watch(
        ledgerId,
        (scope) => readAccounts(db, scope, filter, page),
        ({ result }) => result.data.flatMap((account) => ofAccount(ledgerId, account.address)),
      ),
    balance: (ledgerId, address, asOf) =>
      watch(
        ledgerId,
        (scope) => readBalance(db, scope, address, asOf),
        () => [
          ...ofAccount(ledgerId, address),
          ...(asOf !== undefined && 'time' in asOf && asOf.axis === 'effective'
            ? [`dated entries of account ${address}`]
            : []),
        ],
      ),
    trialBalance: (ledgerId, asOf, page) =>
      watch(
        ledgerId,
        (scope) => readTrialBalance(db, scope, asOf, page),
        ({ result }) => [
          trialBalanceSubject(asOf),
          ...result.data.flatMap(({ account }) => ofAccount(ledgerId, account)),
        ],
      ),
  };
}

type TransactionQueries = 'transaction' | 'transactions' | 'accountEntries';

function transactionQueries(db: Database, watch: Watch): Pick<LedgerQueries, TransactionQueries> {
  return {
    transaction: (ledgerId, transactionId) =>
      watch(
        ledgerId,
        (scope) => readTransaction(db, scope, transactionId),
        () => [`transaction ${transactionId}`],
      ),
    transactions: (ledgerId, filter, page) =>
      watch(
        ledgerId,
        (scope) => readTransactions(db, scope, filter, page),
        ({ result }) => result.data.map(({ id }) => `transaction ${id}`),
      ),
    accountEntries: (ledgerId, address, filter, page) =>
      watch(
        ledgerId,
        (scope) => readAccountEntries(db, scope, address, filter, page),
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
