import type { BankAccountFacts, BankLineFacts, StatementFacts } from '@fintech-ledger/bank/domain';
import type {
  AsOf,
  At,
  CreatedWithin,
  Followed,
  HistoryPage,
  PageRequest,
  Stored,
} from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';

/** The name under which the queries of bank accounts are provided. */
export const bankQueriesPort = Symbol('BankQueries');

/** All bank accounts are one object. */
export const bankAccountsId = 'bank_accounts';
export interface BankAccountsFacts {
  readonly bankAccounts: readonly BankAccountFacts[];
}
export type AnyFacts = BankAccountsFacts | BankLineFacts | StatementFacts;

export interface LineFilter extends CreatedWithin {
  readonly currency?: string;
  readonly direction?: string;
  readonly payment?: string;
  readonly statement?: string;
  readonly status?: string;
}
export interface StatementFilter extends CreatedWithin {
  readonly bankAccount?: string;
}
/** A statement with what its lines have booked, minor units. */
export interface BookedStatement {
  readonly booked: string;
  readonly facts: StatementFacts;
}
/**
 * What is asked of the read model of bank accounts; personal fields are sealed in it. All throw DatabaseUnavailable
 * when Postgres is unavailable.
 */
export interface BankQueries extends Followed {
  /** As it is or was; null: there is none, or was none yet. */
  object(ledgerId: string, id: string, asOf?: AsOf): Promise<At<Stored<AnyFacts> | null>>;
  /** Newest first. @throws InvalidCursor */
  lines(ledgerId: string, filter: LineFilter, page: PageRequest): Promise<At<PageOf<Stored<BankLineFacts>>>>;
  /** Newest first. @throws InvalidCursor */
  statements(
    ledgerId: string,
    filter: StatementFilter,
    page: PageRequest,
  ): Promise<At<PageOf<Stored<StatementFacts>>>>;
  /** Imported in the window, in that order; at most one more than the limit. */
  bookedStatements(
    ledgerId: string,
    window: CreatedWithin,
    limit: number,
  ): Promise<At<readonly BookedStatement[]>>;
  /** Lines that are for nothing yet, or are to go back and have not; at most one more than the limit. */
  openLines(ledgerId: string, limit: number): Promise<At<readonly BankLineFacts[]>>;
  /** What happened to a line or a statement, newest first. @throws InvalidCursor */
  history(ledgerId: string, id: string, page: PageRequest): Promise<At<HistoryPage<AnyFacts>>>;
}
