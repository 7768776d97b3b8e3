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
import type { SplitRuleFacts } from '@fintech-ledger/splits/domain';

/** The name under which the queries of split rules are provided. */
export const splitQueriesPort = Symbol('SplitQueries');

/** What is asked of the read model of split rules. All throw DatabaseUnavailable when Postgres is unavailable. */
export interface SplitQueries extends Followed {
  /** As it is or was; null: there is none, or was none yet. */
  object(ledgerId: string, id: string, asOf?: AsOf): Promise<At<Stored<SplitRuleFacts> | null>>;
  /** A version of it; null: there is none. */
  version(ledgerId: string, id: string, version: number): Promise<At<Stored<SplitRuleFacts> | null>>;
  /** Newest first. @throws InvalidCursor */
  rules(
    ledgerId: string,
    filter: CreatedWithin,
    page: PageRequest,
  ): Promise<At<PageOf<Stored<SplitRuleFacts>>>>;
  /** Its versions, newest first. @throws InvalidCursor */
  history(ledgerId: string, id: string, page: PageRequest): Promise<At<HistoryPage<SplitRuleFacts>>>;
}
