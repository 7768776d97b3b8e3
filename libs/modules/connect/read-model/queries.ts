import type { ConnectedAccountFacts } from '@fintech-ledger/connect/domain';
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

/** The name under which the queries of connected accounts are provided. */
export const connectQueriesPort = Symbol('ConnectQueries');

export interface AccountFilter extends CreatedWithin {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly status?: string;
  readonly type?: string;
}
/**
 * What is asked of the read model of connected accounts; personal fields are sealed in it. All throw
 * DatabaseUnavailable when Postgres is unavailable.
 */
export interface ConnectQueries extends Followed {
  /** As it is or was; null: there is none, or was none yet. */
  object(ledgerId: string, id: string, asOf?: AsOf): Promise<At<Stored<ConnectedAccountFacts> | null>>;
  /** Newest first. @throws InvalidCursor */
  accounts(
    ledgerId: string,
    filter: AccountFilter,
    page: PageRequest,
  ): Promise<At<PageOf<Stored<ConnectedAccountFacts>>>>;
  /** What happened to an account, newest first. @throws InvalidCursor */
  history(ledgerId: string, id: string, page: PageRequest): Promise<At<HistoryPage<ConnectedAccountFacts>>>;
}
