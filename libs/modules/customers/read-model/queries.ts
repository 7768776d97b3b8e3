import type { CustomerFacts, MethodFacts } from '@fintech-ledger/customers/domain';
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

/** The name under which the queries of customers are provided. */
export const customerQueriesPort = Symbol('CustomerQueries');

export type AnyFacts = CustomerFacts | MethodFacts;
export interface CustomerFilter extends CreatedWithin {
  /** What the e-mail address is looked up by. */
  readonly emailTag?: string;
  readonly organizationId: string;
  readonly metadata?: Readonly<Record<string, string>>;
}
/**
 * What is asked of the read model of customers; personal fields are sealed in it. All throw DatabaseUnavailable when
 * Postgres is unavailable.
 */
export interface CustomerQueries extends Followed {
  /** A customer or a payment method, as it is or was; null: there is none, or was none yet. */
  object(ledgerId: string, id: string, asOf?: AsOf): Promise<At<Stored<AnyFacts> | null>>;
  /** Those who are not deleted, newest first. @throws InvalidCursor */
  customers(
    ledgerId: string,
    filter: CustomerFilter,
    page: PageRequest,
  ): Promise<At<PageOf<Stored<CustomerFacts>>>>;
  /** What a customer saved and did not detach, newest first. @throws InvalidCursor */
  methods(ledgerId: string, customerId: string, page: PageRequest): Promise<At<PageOf<Stored<MethodFacts>>>>;
  /** What happened to an object, newest first. @throws InvalidCursor */
  history(ledgerId: string, id: string, page: PageRequest): Promise<At<HistoryPage<AnyFacts>>>;
}
