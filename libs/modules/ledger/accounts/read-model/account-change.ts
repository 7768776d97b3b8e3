import type { AccountTerms, TotalsAfter } from '@fintech-ledger/ledger/domain';

/** Totals in minor units, and the account's version. */
export type AccountState = Pick<
  TotalsAfter,
  'postedDebits' | 'postedCredits' | 'pendingDebits' | 'pendingCredits' | 'version'
>;

/** What a batch does to one account: `opened` when it began in it, `terms` and `totals` when they changed. */
export interface AccountChange {
  readonly accountKey: string;
  readonly ledgerKey: string;
  readonly address: string;
  readonly opened?: { readonly revision: number; readonly atMs: number };
  readonly terms?: AccountTerms;
  readonly totals?: TotalsAfter;
  readonly version: number;
  /** What the row must say before this batch, by what its first event says of the account. */
  readonly versionBefore: number;
  /** Only where totals changed. */
  readonly totalsBefore?: Omit<AccountState, 'version'>;
}
