import type { BankChargeKind } from '@fintech-ledger/payments/domain';
import type { BankAccountFacts, Direction, StatementSaid } from './facts';

/** These are all there are. */
export interface PutBankAccounts {
  readonly type: 'PutBankAccounts';
  readonly accounts: readonly Omit<BankAccountFacts, 'id'>[];
}

/** A line as it was read, its personal fields sealed. */
export interface NewLine {
  readonly amount: string;
  readonly bankReference: string | null;
  readonly bookedOn: string;
  readonly direction: Direction;
  readonly endToEndId: string | null;
  /** A payment that fits by amount and name; null: none, or several. */
  readonly named: string | null;
  readonly origin: string | null;
  readonly partyIban: string | null;
  readonly partyName: string | null;
  readonly reference: string | null;
  readonly remittance: string | null;
  readonly subject: string;
  readonly valueOn: string | null;
}
/** Lines of a statement, in its order, from the first one that is not imported. */
export interface ImportBankLines {
  readonly type: 'ImportBankLines';
  /** How many there are before these. */
  readonly from: number;
  readonly lines: readonly NewLine[];
  /** Where the statement is in its file. */
  readonly place: string;
  readonly statement: StatementSaid;
}
interface OfLine {
  readonly lineId: string;
}
/** What is left of it is for this payment, refund or payout, or gives this line back. */
export interface MatchBankLine extends OfLine {
  readonly type: 'MatchBankLine';
  readonly object: string;
}
/**
 * What is left of it, or a part of that, comes out exactly: so much for each of these, and what it differs by from all
 * of them is the platform's own.
 */
export interface ApportionBankLine extends OfLine {
  readonly type: 'ApportionBankLine';
  /** How much of what is left; null: all. */
  readonly amount: string | null;
  readonly description: string | null;
  /** How much more it is than these together; below zero: less. */
  readonly difference: string;
  /** Whether they were said as a list. */
  readonly isList: boolean;
  /** Payments, refunds, payouts, and lines whose money left with it. */
  readonly objects: readonly string[];
  /** Null: it is for objects. */
  readonly own: BankChargeKind | null;
}
/** What is left of it goes back to who sent it. */
export interface ReturnBankLine extends OfLine {
  readonly type: 'ReturnBankLine';
}
/** It has not gone back, and does not any more: what of it was to go is for nothing yet. */
export interface CancelBankReturn extends OfLine {
  readonly type: 'CancelBankReturn';
}
/** What is personal in it is forgotten, for good. */
export interface EraseBankLine extends OfLine {
  readonly type: 'EraseBankLine';
}
export type BankCommand =
  | PutBankAccounts
  | ImportBankLines
  | MatchBankLine
  | ApportionBankLine
  | ReturnBankLine
  | CancelBankReturn
  | EraseBankLine;
