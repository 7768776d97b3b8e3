import type { AccountType, TransactionStatus } from '@fintech-ledger/ledger/domain';
import type { AsOf, At, Axis, Followed, PageRequest, Reader } from '@fintech-ledger/projection-runtime';
import type { AccountView } from '../views/account';
import type { BalanceView, TrialBalanceView } from '../views/balance';
import type { AccountEntryView, TransactionView } from '../views/transaction';
import type { Sql } from '@fintech-ledger/postgres';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import type { LedgerScope } from './keys';

import type { EventFilter, FoundEvents } from '../history/event-index/find-events';

/** The name under which the queries of ledgers are provided to handlers. */
export const ledgerQueriesPort = Symbol('LedgerQueries');

/** Everything the read models answer about one ledger. All methods read one consistent snapshot. */
export interface LedgerQueries extends Followed {
  /** The same, in which an organization has its turns among all. Absent: there are no turns. */
  inTurn?(reader: Pick<Reader, 'organizationId' | 'isExpensive'>): LedgerQueries;
  /**
   * A query that brings its own SQL: one more needs nothing here.
   * @param subjects the rows that were read, and held
   */
  read<T>(
    ledgerId: string,
    read: (sql: Sql, scope: LedgerScope) => Promise<T>,
    subjects?: (answer: T) => readonly string[],
  ): Promise<T>;
  account(ledgerId: string, address: string): Promise<At<AccountView | null>>;
  accounts(
    ledgerId: string,
    filter: {
      prefix?: string;
      type?: AccountType;
      currency?: string;
      metadata?: Readonly<Record<string, string>>;
    },
    page: PageRequest,
  ): Promise<At<Page<AccountView>>>;
  /** null: no such account (at that time). */
  balance(ledgerId: string, address: string, asOf?: AsOf): Promise<At<BalanceView | null>>;
  trialBalance(ledgerId: string, asOf: AsOf | undefined, page: PageRequest): Promise<At<TrialBalanceView>>;
  transaction(ledgerId: string, transactionId: string): Promise<At<TransactionView | null>>;
  transactions(
    ledgerId: string,
    filter: {
      account?: string;
      reference?: string;
      reverses?: string;
      correction_of?: string;
      status?: TransactionStatus;
      from?: string;
      to?: string;
      axis?: Axis;
      metadata?: Readonly<Record<string, string>>;
    },
    page: PageRequest,
  ): Promise<At<Page<TransactionView>>>;
  /** How far the index of events has come: another projection, which may be behind the read models. */
  readonly eventIndex: Pick<Followed, 'waitFor'>;
  /** Where events are that may be what is asked for, from a revision on; about `count`, and none is left out. */
  findEvents(ledgerId: string, filter: EventFilter, from: number, count: number): Promise<FoundEvents>;
  /** null: no such account. `from` inclusive, `to` exclusive. */
  accountEntries(
    ledgerId: string,
    address: string,
    filter: { from?: string; to?: string; axis?: Axis },
    page: PageRequest,
  ): Promise<At<Page<AccountEntryView> | null>>;
}
