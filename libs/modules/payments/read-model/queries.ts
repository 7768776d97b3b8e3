import type {
  BalanceLineType,
  Bucket,
  DisputeFacts,
  OwnedSchedule,
  PaymentFacts,
  PayoutBatchFacts,
  PayoutFacts,
  RefundFacts,
  SplitFacts,
  TransferFacts,
} from '@fintech-ledger/payments/domain';
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

/** The name under which the queries of payments are provided. */
export const paymentQueriesPort = Symbol('PaymentQueries');

export interface PaymentFilter extends CreatedWithin {
  /** A connected account, which sees its own alone. */
  readonly actsAs?: string;
  /** Minor units. */
  readonly amount?: string;
  readonly currency?: string;
  readonly rail?: string;
  readonly customer?: string;
  /** The connected account whose it is, or to which it transfers. */
  readonly party?: string;
  readonly status?: string;
  readonly transferGroup?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}
export interface RefundFilter extends CreatedWithin {
  /** A connected account, which sees refunds of its own payments alone. */
  readonly actsAs?: string;
  readonly payment?: string;
  readonly status?: string;
}
/** What an owner has in a part of its balance. */
export interface StoredBalance {
  readonly bucket: Bucket;
  readonly currency: string;
  readonly amount: string;
}
/** A line of a balance. Times: milliseconds since 1970. */
export interface StoredLine {
  readonly id: string;
  readonly revision: number;
  readonly createdMs: number;
  readonly type: BalanceLineType;
  readonly amount: string;
  /** What of the fee is the platform's. */
  readonly applicationFee: string;
  readonly fee: string;
  /** Null: nothing moves inside the balance. */
  readonly moved: string | null;
  readonly currency: string;
  readonly livemode: boolean;
  readonly source: string;
  readonly isPending: boolean;
  readonly availableMs: number;
}
/** What is owed: a part of a balance that is below zero. */
export interface OwedBalance extends StoredBalance {
  readonly owner: string;
}
export interface LineFilter extends CreatedWithin {
  readonly owner: string;
  readonly currency?: string;
  readonly source?: string;
  readonly status?: 'pending' | 'available';
  readonly type?: string;
}
export interface PayoutBatchFilter extends CreatedWithin {
  readonly currency?: string;
}
export interface PayoutFilter extends CreatedWithin {
  /** The batch that they were sent with. */
  readonly batch?: string;
  /** Whose balance they leave: the platform's, or a connected account's, by its id; absent: any of both. */
  readonly owner?: string;
  readonly currency?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly status?: string;
}
export interface DisputeFilter extends CreatedWithin {
  /** The connected account whose own payments they are of. */
  readonly actsAs?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly payment?: string;
  readonly status?: string;
}
export interface TransferFilter extends CreatedWithin {
  readonly destination?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly sourcePayment?: string;
  readonly transferGroup?: string;
}
export interface SplitFilter extends CreatedWithin {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly payment?: string;
  readonly splitRule?: string;
}
/** An object of which lists have each. */
export type ListedFacts =
  PaymentFacts | RefundFacts | PayoutFacts | PayoutBatchFacts | DisputeFacts | TransferFacts | SplitFacts;
export type AnyFacts = ListedFacts | OwnedSchedule;
type Facts = AnyFacts;

/** Times are those of the environment, and references the rail's own. */
export interface RailItemFilter {
  readonly from: string;
  readonly limit: number;
  readonly rail: string;
  /** What has one of these is found whenever it counts. */
  readonly references: readonly string[];
  readonly to: string;
}
/** What is booked of something that a rail settles. Amounts: minor units, negative where the rail takes. */
export interface StoredRailItem {
  /** What of its fee was adjusted. */
  readonly adjusted: string;
  /** The lines of balances by which that was done, in their order. */
  readonly adjustments: readonly string[];
  readonly currency: string;
  readonly fee: string;
  readonly gross: string;
  readonly kind: string;
  readonly object: string;
  readonly reference: string;
  readonly since: string;
}
export interface StoredUnconfirmed {
  readonly amount: string;
  readonly currency: string;
  readonly kind: 'payout' | 'refund';
  readonly object: string;
  readonly since: string;
}

/** What is asked of the read model of payments. All throw DatabaseUnavailable when Postgres is unavailable. */
export interface PaymentQueries extends Followed {
  /** An object, or a schedule by its key, as it is or was; null: there is none, or was none yet. */
  object(ledgerId: string, id: string, asOf?: AsOf): Promise<At<Stored<Facts> | null>>;
  /** Newest first, by creation. @throws InvalidCursor */
  payments(
    ledgerId: string,
    filter: PaymentFilter,
    page: PageRequest,
  ): Promise<At<PageOf<Stored<PaymentFacts>>>>;
  /** Newest first, by creation. @throws InvalidCursor */
  refunds(
    ledgerId: string,
    filter: RefundFilter,
    page: PageRequest,
  ): Promise<At<PageOf<Stored<RefundFacts>>>>;
  /** Newest first, by creation. @throws InvalidCursor */
  payouts(
    ledgerId: string,
    filter: PayoutFilter,
    page: PageRequest,
  ): Promise<At<PageOf<Stored<PayoutFacts>>>>;
  /** Newest first, by creation. @throws InvalidCursor */
  payoutBatches(
    ledgerId: string,
    filter: PayoutBatchFilter,
    page: PageRequest,
  ): Promise<At<PageOf<Stored<PayoutBatchFacts>>>>;
  /** Newest first, by creation. @throws InvalidCursor */
  disputes(
    ledgerId: string,
    filter: DisputeFilter,
    page: PageRequest,
  ): Promise<At<PageOf<Stored<DisputeFacts>>>>;
  /** Newest first, by creation. @throws InvalidCursor */
  transfers(
    ledgerId: string,
    filter: TransferFilter,
    page: PageRequest,
  ): Promise<At<PageOf<Stored<TransferFacts>>>>;
  /** Newest first, by creation. @throws InvalidCursor */
  splits(ledgerId: string, filter: SplitFilter, page: PageRequest): Promise<At<PageOf<Stored<SplitFacts>>>>;
  /** What happened to an object, newest first. @throws InvalidCursor */
  history(ledgerId: string, id: string, page: PageRequest): Promise<At<HistoryPage<Facts>>>;
  /** What an owner has, by currency; empty before any money. */
  balance(ledgerId: string, owner: string, asOf?: AsOf): Promise<At<readonly StoredBalance[]>>;
  /** What is below zero, by owner, currency and part. @throws InvalidCursor */
  negativeBalances(ledgerId: string, page: PageRequest): Promise<At<PageOf<OwedBalance>>>;
  /** A line of a balance, as it is or was; null: there is none, or was none yet. */
  balanceTransaction(
    ledgerId: string,
    owner: string,
    id: string,
    asOf?: AsOf,
  ): Promise<At<StoredLine | null>>;
  /** Newest first. @throws InvalidCursor */
  balanceTransactions(
    ledgerId: string,
    filter: LineFilter,
    page: PageRequest,
  ): Promise<At<PageOf<StoredLine>>>;
  /** What is booked of a rail, at most one more than the limit. */
  railItems(ledgerId: string, filter: RailItemFilter): Promise<At<readonly StoredRailItem[]>>;
  /** Payouts and refunds by bank that no statement has yet. */
  unconfirmed(ledgerId: string): Promise<At<readonly StoredUnconfirmed[]>>;
  /** The payment after the last event of each of its attempts, newest first. @throws InvalidCursor */
  attempts(ledgerId: string, id: string, page: PageRequest): Promise<At<PageOf<PaymentFacts>>>;
}
