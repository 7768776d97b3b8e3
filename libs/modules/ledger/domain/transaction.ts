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
