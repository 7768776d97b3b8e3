/**
 * The shapes of the HTTP contract, as commands answer them and queries return them.
 * All amounts are strings of minor units; all times RFC 3339, UTC, milliseconds.
 */
import type {
  AccountStatus,
  AccountType,
  Direction,
  Metadata,
  TransactionStatus,
} from '@fintech-ledger/ledger';

export interface Page<T> {
  readonly data: readonly T[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
}

export interface LedgerView {
  readonly id: string;
  readonly object: 'ledger';
  readonly name: string;
  readonly description: string | null;
  readonly metadata: Metadata;
  readonly created_at: string;
}

export interface UnitView {
  readonly object: 'unit';
  readonly code: string;
  readonly exponent: number;
  readonly name: string;
  readonly created_at: string;
}

export interface ApiKeyView {
  readonly id: string;
  readonly object: 'api_key';
  readonly name: string;
  readonly scopes: readonly string[];
  /** The last four characters, to tell keys apart. */
  readonly last4: string;
  readonly created_at: string;
  readonly revoked_at: string | null;
}

export interface AccountView {
  readonly object: 'account';
  readonly address: string;
  readonly type: AccountType;
  readonly currency: string;
  readonly status: AccountStatus;
  readonly min_balance: string | null;
  readonly max_balance: string | null;
  readonly metadata: Metadata;
  /** Counts the events that touched the account; for preconditions. */
  readonly version: number;
  readonly opened_at: string;
}

export interface BalanceView {
  readonly currency: string;
  readonly posted: { readonly debits: string; readonly credits: string; readonly balance: string };
  readonly pending: { readonly debits: string; readonly credits: string };
  readonly available: string;
  readonly version: number | null;
  /** `<ledger>@<revision>` */
  readonly position: string;
}

export interface EntryView {
  readonly account: string;
  readonly direction: Direction;
  readonly amount: string;
  readonly currency: string;
}

export interface TransactionLineView extends EntryView {
  readonly held: string;
  readonly captured: string;
  readonly reversed: string;
}

export interface TransactionView {
  readonly id: string;
  readonly object: 'transaction';
  readonly status: TransactionStatus;
  readonly is_hold: boolean;
  readonly entries: readonly TransactionLineView[];
  readonly description: string | null;
  readonly reference: string | null;
  readonly effective_at: string;
  readonly recorded_at: string;
  readonly expires_at: string | null;
  readonly reverses: string | null;
  readonly reversed_by: readonly string[];
  readonly metadata: Metadata;
}

/** What a command on a transaction answers. */
export interface TransactionAnswer extends TransactionView {
  /** Each touched account's balance after it. */
  readonly balances: Readonly<Record<string, Omit<BalanceView, 'position'>>>;
  readonly position: string;
  readonly dry_run?: true;
}

/** An account's statement line: one entry with its transaction, its event and the running balance. */
export interface AccountEntryView extends EntryView {
  readonly object: 'entry';
  /** `post`, `hold`, `release` or `capture`. */
  readonly effect: string;
  readonly transaction: string;
  readonly event: { readonly id: string; readonly type: string; readonly revision: number };
  readonly description: string | null;
  readonly effective_at: string;
  readonly recorded_at: string;
  /** Balances of the account after this entry. */
  readonly running: Omit<BalanceView, 'position' | 'currency' | 'version'>;
}

export interface SubtreeBalanceView {
  /** The first `group_by_segments` segments, or the whole prefix. */
  readonly prefix: string;
  readonly currency: string;
  readonly accounts: number;
  readonly posted: { readonly debits: string; readonly credits: string };
  readonly pending: { readonly debits: string; readonly credits: string };
}

export interface TrialBalanceView {
  readonly data: readonly {
    readonly account: string;
    readonly type: AccountType;
    readonly currency: string;
    readonly debits: string;
    readonly credits: string;
  }[];
  /** Over the whole ledger, not the page. */
  readonly totals: readonly {
    readonly currency: string;
    readonly debits: string;
    readonly credits: string;
  }[];
  readonly balanced: boolean;
  readonly has_more: boolean;
  readonly next_cursor: string | null;
  readonly position: string;
}

export interface EventView {
  readonly object: 'event';
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  /** Those of the metadata. null: they are not in their place there, so the event does not hold. */
  readonly hash: string | null;
  readonly previous_hash: string | null;
  readonly data: unknown;
  readonly metadata: unknown;
}

export interface ProjectionView {
  readonly object: 'projection';
  readonly name: string;
  readonly version: number;
  readonly position: string | null;
  readonly lag: { readonly events: number | null; readonly seconds: number };
  readonly state: 'starting' | 'running' | 'standby' | 'halted';
  readonly last_error: string | null;
  /** Streams that stand still in this projection while all others go on. */
  readonly halted_streams_count: number;
  /** The oldest of them. */
  readonly halted_streams: readonly {
    readonly stream: string;
    /** The first revision that is not applied. */
    readonly revision: number;
    readonly reason: string;
    readonly since: string;
    readonly attempts: number;
    readonly retry_at: string;
  }[];
}
