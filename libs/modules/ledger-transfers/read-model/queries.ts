import type { LedgerTransferFacts } from '@fintech-ledger/ledger-transfers/domain';
import type {
  AsOf,
  At,
  CreatedWithin,
  HistoryPage,
  PageRequest,
  Stored,
} from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';

/** The name under which the queries of transfers between ledgers are provided. */
export const ledgerTransferQueriesPort = Symbol('LedgerTransferQueries');

/** A transfer as an event of the ledger left it. */
export interface StoredTransfer extends Stored<LedgerTransferFacts> {
  readonly ledgerId: string;
}

export interface TransferFilter extends CreatedWithin {
  readonly currency?: string;
  readonly fromLedger?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly status?: string;
  readonly toLedger?: string;
}

/** What the read model lacks of ledgers of an organization. */
export interface TransferStanding {
  /** Streams of which other read models have more, up to where; at most `behindMax`. */
  readonly behind: readonly { readonly stream: string; readonly revision: number }[];
  /** A ledger that is halted, and why. */
  readonly halted: { readonly ledgerId: string; readonly reason: string } | undefined;
}

/** What is asked of the read model. All throw DatabaseUnavailable when Postgres is unavailable. */
export interface LedgerTransferQueries {
  /** Which ledger a transfer of an organization has left. */
  ledgerOf(organizationId: string, id: string): Promise<string | undefined>;
  /** A transfer as it is or was; null: there is none, or was none yet. */
  transfer(ledgerId: string, id: string, asOf?: AsOf): Promise<At<Stored<LedgerTransferFacts> | null>>;
  /** Newest first, by creation; the revision is that of the organization. @throws InvalidCursor */
  transfers(
    organizationId: string,
    filter: TransferFilter,
    page: PageRequest,
  ): Promise<At<PageOf<StoredTransfer>>>;
  /** What happened to a transfer, newest first. @throws InvalidCursor */
  history(ledgerId: string, id: string, page: PageRequest): Promise<At<HistoryPage<LedgerTransferFacts>>>;
  /** Of these ledgers, as far as they are the organization's. */
  standing(organizationId: string, ledgerIds: readonly string[]): Promise<TransferStanding>;
  /** Of all of its ledgers: it costs what they are. */
  standingOfAll(organizationId: string): Promise<TransferStanding>;
  /** A ledger of it that is halted. */
  haltedLedger(organizationId: string): Promise<TransferStanding['halted']>;
  waitFor(stream: string, revision: number, timeoutMs: number): Promise<boolean>;
}
