import type { ConversionFacts, PairPosition, QuoteFacts, RateFacts } from '@fintech-ledger/fx/domain';
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
import type { FxFacts } from './project';

/** The name under which the queries of money between currencies are provided. */
export const fxQueriesPort = Symbol('FxQueries');

/** A moment at which rates are in force. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  /** Of what was recorded up to there; absent: of all. */
  readonly revision?: number;
}
export interface RateFilter extends CreatedWithin {
  readonly base?: string;
  /** Of each pair only the one that is in force then. */
  readonly inForce?: Moment;
  readonly quote?: string;
}
export interface QuoteFilter extends CreatedWithin {
  readonly from?: string;
  readonly isUsed?: boolean;
  readonly to?: string;
}
export interface ConversionFilter extends CreatedWithin {
  readonly from?: string;
  readonly quote?: string;
  readonly to?: string;
}
/** What positions there are at a moment, with the rates that value them. */
export interface StoredExposure {
  readonly positions: readonly PairPosition[];
  readonly rates: readonly RateFacts[];
}

/**
 * What is asked of the read model of money between currencies. All throw DatabaseUnavailable when Postgres is
 * unavailable.
 */
export interface FxQueries extends Followed {
  /** A rate, a quote or a conversion, as it is or was; null: there is none, or was none yet. */
  object(ledgerId: string, id: string, asOf?: AsOf): Promise<At<Stored<FxFacts> | null>>;
  /** Newest first, by creation. @throws InvalidCursor */
  rates(ledgerId: string, filter: RateFilter, page: PageRequest): Promise<At<PageOf<Stored<RateFacts>>>>;
  /** Newest first, by creation. @throws InvalidCursor */
  quotes(ledgerId: string, filter: QuoteFilter, page: PageRequest): Promise<At<PageOf<Stored<QuoteFacts>>>>;
  /** Newest first, by creation. @throws InvalidCursor */
  conversions(
    ledgerId: string,
    filter: ConversionFilter,
    page: PageRequest,
  ): Promise<At<PageOf<Stored<ConversionFacts>>>>;
  /** What happened to an object, newest first. @throws InvalidCursor */
  history(ledgerId: string, id: string, page: PageRequest): Promise<At<HistoryPage<FxFacts>>>;
  /** Positions up to the moment, and the rates of their pairs and of the reporting currency in force then. */
  exposure(ledgerId: string, at: Moment, reportingCurrency: string | null): Promise<At<StoredExposure>>;
}
