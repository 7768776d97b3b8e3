import type { AccountType, LedgerCommand, LedgerRefusal, Metadata } from '@fintech-ledger/ledger/domain';

/** What a command came to. `answer`: the JSON text of the API's answer. */
export type BooksOutcome =
  | { readonly kind: 'accepted'; readonly answer: string; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly refusal: LedgerRefusal };

/** A value of metadata that belongs to a data subject. */
export interface SubjectValue {
  readonly subject: string;
  readonly value: string;
}

export interface AccountFacts {
  readonly type: AccountType;
  readonly currency: string;
  readonly metadata: Metadata;
}

/**
 * The ledger that an import books into: the same doors as the API's. Both commands may be given again with the same key, which
 * changes nothing; what is unavailable for a moment is tried again inside.
 */
export interface Books {
  readonly ledgerId: string;
  /** @param idempotencyKey also stands for the request: whoever gives the same key gives the same request */
  submit(
    command: LedgerCommand,
    idempotencyKey: string,
    options?: { dryRun?: boolean },
  ): Promise<BooksOutcome>;
  /** What values of data subjects are kept as, in their order; null: there is no such one. Absent: there are none. */
  sealAll?(
    values: readonly SubjectValue[],
  ): Promise<readonly ({ readonly text: string; readonly gone: 'erased' | 'lost' | null } | null)[]>;
  /** The last revision of the ledger's journal, -1: it has none. */
  headRevision(): Promise<number>;
  /** An account that was opened by anybody before this call, or null. */
  account(address: string): Promise<AccountFacts | null>;
  /** A declared unit that is not an ISO 4217 currency, or null. */
  unit(code: string): Promise<{ readonly exponent: number } | null>;
  declareUnit(unit: { code: string; exponent: number; name: string }): Promise<BooksOutcome>;
}
