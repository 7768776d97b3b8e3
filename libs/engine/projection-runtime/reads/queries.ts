import type { AccountType, TransactionStatus } from '@fintech-ledger/ledger/domain';
import type {
  AccountEntryView,
  AccountView,
  ApiKeyView,
  BalanceView,
  LedgerView,
  Page,
  ProjectionView,
  SubtreeBalanceView,
  TransactionView,
  TrialBalanceView,
  UnitView,
} from './views';

export interface PageRequest {
  /** 1 to 100. */
  readonly limit: number;
  /** As given out in `next_cursor`. */
  readonly cursor?: string;
}
/** A result and the ledger revision it was read at, from one snapshot. */
export interface At<T> {
  readonly result: T;
  readonly revision: number;
}
export type Axis = 'effective' | 'recorded';
/** A moment: a time (RFC 3339) on an axis, or a revision (inclusive; always the recorded axis). */
export type AsOf = { readonly time: string; readonly axis: Axis } | { readonly revision: number };

/** `cursor` that is not one of ours. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
}

/** Everything the read models answer about one ledger. All methods read one consistent snapshot. */
export interface LedgerQueries {
  /** Resolves once the read models of this ledger stand at `revision` or later; false when `timeoutMs` passed first. */
  waitFor(ledgerId: string, revision: number, timeoutMs: number): Promise<boolean>;
  /** Why the read models of this ledger stand still (as of a second ago at most); undefined: they don't. */
  haltedReason(ledgerId: string): Promise<string | undefined>;
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
  subtreeBalances(
    ledgerId: string,
    request: { prefix: string; groupBySegments?: number },
    page: PageRequest,
  ): Promise<At<Page<SubtreeBalanceView>>>;
  trialBalance(ledgerId: string, asOf: AsOf | undefined, page: PageRequest): Promise<At<TrialBalanceView>>;
  transaction(ledgerId: string, transactionId: string): Promise<At<TransactionView | null>>;
  transactions(
    ledgerId: string,
    filter: {
      account?: string;
      reference?: string;
      status?: TransactionStatus;
      from?: string;
      to?: string;
      axis?: Axis;
      metadata?: Readonly<Record<string, string>>;
    },
    page: PageRequest,
  ): Promise<At<Page<TransactionView>>>;
  /** null: no such account. `from` inclusive, `to` exclusive. */
  accountEntries(
    ledgerId: string,
    address: string,
    filter: { from?: string; to?: string; axis?: Axis },
    page: PageRequest,
  ): Promise<At<Page<AccountEntryView> | null>>;
}

/** What the read models answer about an organization. */
export interface OrganizationQueries {
  waitFor(organizationId: string, revision: number, timeoutMs: number): Promise<boolean>;
  haltedReason(organizationId: string): Promise<string | undefined>;
  ledger(organizationId: string, ledgerId: string): Promise<At<LedgerView | null>>;
  ledgers(organizationId: string, page: PageRequest): Promise<At<Page<LedgerView>>>;
  unit(organizationId: string, code: string): Promise<UnitView | null>;
  units(organizationId: string, page: PageRequest): Promise<At<Page<UnitView>>>;
  apiKeys(organizationId: string, page: PageRequest): Promise<At<Page<ApiKeyView>>>;
  /** For authentication: by the key's public id, also when revoked. */
  apiKeyCredentials(keyId: string): Promise<ApiKeyCredentials | null>;
}
export interface ApiKeyCredentials {
  readonly keyId: string;
  readonly organizationId: string;
  /** HMAC-SHA256 of the secret with the pepper, hex. */
  readonly hmac: string;
  readonly scopes: readonly string[];
  readonly revokedAt: string | null;
}

export interface ProjectionQueries {
  projections(): Promise<readonly ProjectionView[]>;
  /** Ledgers whose rows do not balance in a currency, by a look that is at most some minutes old: no event makes them so. */
  unbalancedLedgers(): Promise<readonly UnbalancedLedger[]>;
}
export interface UnbalancedLedger {
  /** Null: its rows belong to no ledger that is known. */
  readonly ledgerId: string | null;
  readonly currency: string;
  /** Debits less credits, in minor units. */
  readonly posted: string;
  readonly pending: string;
}
