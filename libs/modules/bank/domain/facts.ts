import type { PayeeAccountFacts } from '@fintech-ledger/payments/domain';

/*
 * What events say of bank accounts, of their statements and of the lines of these. Amounts: minor units as a text;
 * times: RFC 3339, UTC, milliseconds; dates: of the bank. What is personal of who is at the other end is encrypted with
 * the key of the line's data subject, each value whole: an event has only their sealed text, or null where there is
 * none.
 */

export type BankAccountFacts = PayeeAccountFacts;

/** What a bank account is for; `collection` where nothing is said. */
export const accountPurposes = ['collection', 'payout'] as const;

export const directions = ['credit', 'debit'] as const;
/** Of the bank account, as its owner sees it: a credit came in. */
export type Direction = (typeof directions)[number];

export const lineStatuses = ['parked', 'matched', 'returned'] as const;
export type LineStatus = (typeof lineStatuses)[number];

/** Why (a part of) a line is parked. */
export const parkedReasons = [
  'awaiting_rest',
  'no_match',
  'unknown_reference',
  'not_waiting',
  'surplus',
] as const;
export type ParkedReason = (typeof parkedReasons)[number];

/** What of a line was for what. */
export interface LineMatch {
  /** Below zero: the line is so much less than what it is for. */
  readonly amount: string;
  /** Of what is the platform's own, in the words of who said it; absent: there are none. */
  readonly description?: string;
  /** A payment, a refund, a payout, the line whose money it gave back, or the platform's own: a `BankChargeKind`. */
  readonly object: string;
}

/** A line of a statement as an event left it. */
export interface BankLineFacts {
  readonly amount: string;
  readonly bankAccount: string;
  /** The bank's own id of it. */
  readonly bankReference: string | null;
  readonly bookedOn: string;
  readonly createdAt: string;
  readonly currency: string;
  readonly direction: Direction;
  /** Sealed. */
  readonly endToEndId: string | null;
  /** `bsl_…`, with the same ending as its data subject. */
  readonly id: string;
  /** What is for nothing yet. */
  readonly left: string;
  readonly livemode: boolean;
  readonly matches: readonly LineMatch[];
  /** An id of ours that it names as its end-to-end id. */
  readonly origin: string | null;
  readonly parkedBecause: ParkedReason | null;
  /** Sealed: of who paid, or was paid. */
  readonly partyIban: string | null;
  readonly partyName: string | null;
  /** The payment whose rest it waits for; null: for none. */
  readonly payment: string | null;
  /** A creditor reference that it names, ISO 11649. */
  readonly reference: string | null;
  /** Sealed. */
  readonly remittance: string | null;
  /** When what came has gone back, as a statement says. */
  readonly returnedAt: string | null;
  readonly statement: string;
  readonly status: LineStatus;
  /** Whose key the personal fields are encrypted with. */
  readonly subject: string;
  readonly valueOn: string | null;
}

/** What a statement says of itself. Balances: minor units, which may be below zero. */
export interface StatementSaid {
  readonly closingBalance: string;
  readonly currency: string;
  /** SHA-256 of what is not personal in its lines. */
  readonly digest: string;
  readonly from: string | null;
  readonly iban: string;
  /** `bst_…`: follows from the account and the bank's id of the statement. */
  readonly id: string;
  /** How many lines it has. */
  readonly lines: number;
  readonly livemode: boolean;
  readonly openingBalance: string;
  /** The bank's own id of it. */
  readonly statementId: string;
  readonly to: string | null;
}
/** A statement as far as it is imported. */
export interface StatementFacts extends StatementSaid {
  readonly bankAccount: string;
  readonly importedAt: string;
  /** Only in answers: nothing was imported by this. */
  readonly importedBefore?: boolean;
  /** Only in answers: it is not what was imported under its id. */
  readonly differs?: boolean;
  readonly linesImported: number;
  /** Of these, those that are matched whole, and all others. */
  readonly matched: number;
  readonly parked: number;
  /** The closing balance of the one before it; null: it is the first one. */
  readonly previousClosing: string | null;
}
