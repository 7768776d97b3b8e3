import type { AccountTerms, Direction, Metadata } from './account';

/**
 * What an entry does to its account:
 * `post` adds to posted · `hold` adds to pending · `release` takes from pending · `capture` takes from pending and adds to posted.
 */
export type EntryEffect = 'post' | 'hold' | 'release' | 'capture';

/** An account's totals after an entry was applied, as strings of minor units, and its version after the event. */
export interface TotalsAfter {
  readonly pendingCredits: string;
  readonly pendingDebits: string;
  readonly postedCredits: string;
  readonly postedDebits: string;
  readonly version: number;
}

/** One entry of an event. For each currency and effect, the debits of one event sum to its credits. */
export interface BookedEntry {
  readonly account: string;
  readonly accountType: AccountTerms['type'];
  readonly after: TotalsAfter;
  /** Minor units, a string of digits, never zero. */
  readonly amount: string;
  readonly currency: string;
  readonly direction: Direction;
  readonly effect: EntryEffect;
}

export type TransactionStatus = 'posted' | 'pending' | 'voided' | 'expired';

/** A line of a transaction and how far it has come, all in minor units: amount = held + captured + released. */
export interface TransactionLine {
  readonly account: string;
  readonly amount: string;
  readonly captured: string;
  readonly currency: string;
  readonly direction: Direction;
  readonly held: string;
  readonly reversed: string;
}

export interface TransactionHeader {
  readonly description: string | null;
  readonly effectiveAt: string;
  readonly expiresAt: string | null;
  readonly id: string;
  readonly metadata: Metadata;
  readonly recordedAt: string;
  readonly reference: string | null;
  /** The transaction that this one reverses. */
  readonly reverses: string | null;
  readonly status: TransactionStatus;
}

/** A transaction after the event, with its lines: what TransactionPosted and HoldPlaced leave to be derived from their entries. */
export interface TransactionSnapshot extends TransactionHeader {
  readonly isHold: boolean;
  readonly lines: readonly TransactionLine[];
  readonly reversedBy: readonly string[];
}

export interface AccountOpened {
  readonly type: 'AccountOpened';
  readonly data: { readonly account: AccountTerms; readonly version: number };
}
export interface AccountAmended {
  readonly type: 'AccountAmended';
  readonly data: { readonly account: AccountTerms; readonly version: number };
}
export interface AccountFrozen {
  readonly type: 'AccountFrozen';
  readonly data: { readonly account: AccountTerms; readonly version: number };
}
export interface AccountUnfrozen {
  readonly type: 'AccountUnfrozen';
  readonly data: { readonly account: AccountTerms; readonly version: number };
}
export interface AccountClosed {
  readonly type: 'AccountClosed';
  readonly data: { readonly account: AccountTerms; readonly version: number };
}
export interface AccountReopened {
  readonly type: 'AccountReopened';
  readonly data: { readonly account: AccountTerms; readonly version: number };
}
export interface TransactionPosted {
  readonly type: 'TransactionPosted';
  readonly data: { readonly entries: readonly BookedEntry[]; readonly transaction: TransactionHeader };
}
export interface HoldPlaced {
  readonly type: 'HoldPlaced';
  readonly data: { readonly entries: readonly BookedEntry[]; readonly transaction: TransactionHeader };
}
/** Entries: `capture` for what was captured, `release` for what a final capture gave back. */
export interface HoldCaptured {
  readonly type: 'HoldCaptured';
  readonly data: { readonly entries: readonly BookedEntry[]; readonly transaction: TransactionSnapshot };
}
export interface HoldVoided {
  readonly type: 'HoldVoided';
  readonly data: { readonly entries: readonly BookedEntry[]; readonly transaction: TransactionSnapshot };
}
export interface HoldExpired {
  readonly type: 'HoldExpired';
  readonly data: { readonly entries: readonly BookedEntry[]; readonly transaction: TransactionSnapshot };
}
/** `transaction` is the new one, `original` the reversed one after it. */
export interface TransactionReversed {
  readonly type: 'TransactionReversed';
  readonly data: {
    readonly entries: readonly BookedEntry[];
    readonly original: TransactionSnapshot;
    readonly transaction: TransactionHeader;
  };
}

export type AccountEvent =
  AccountOpened | AccountAmended | AccountFrozen | AccountUnfrozen | AccountClosed | AccountReopened;
export type MoneyEvent =
  TransactionPosted | HoldPlaced | HoldCaptured | HoldVoided | HoldExpired | TransactionReversed;
export type LedgerEvent = AccountEvent | MoneyEvent;

const allTypes: Readonly<Record<LedgerEvent['type'], true>> = {
  AccountOpened: true,
  AccountAmended: true,
  AccountFrozen: true,
  AccountUnfrozen: true,
  AccountClosed: true,
  AccountReopened: true,
  TransactionPosted: true,
  HoldPlaced: true,
  HoldCaptured: true,
  HoldVoided: true,
  HoldExpired: true,
  TransactionReversed: true,
};
/** Every type of event that a ledger's journal may hold. */
export const ledgerEventTypes = Object.keys(allTypes) as readonly LedgerEvent['type'][];

/** True for the events that carry entries. */
export function movesMoney(event: LedgerEvent): event is MoneyEvent {
  return 'entries' in event.data;
}
