import type { Direction, Metadata } from './account';
import type { AccountCommand } from './account-commands';
import type { OfLedger } from './managed';
import type { ClosePeriod } from './period';
import type { GivenDetails } from './transaction';

/** An entry as a client asks for it. `amount`: a string of 1 to 36 digits without a leading zero, minor units. */
export interface EntryRequest {
  readonly account: string;
  readonly direction: Direction;
  readonly amount: string;
  readonly currency: string;
}

export interface Comparison {
  readonly gte?: string;
  readonly lte?: string;
  readonly eq?: string;
}

/** What must hold of an account when the command is decided, before its own effect. */
export interface Precondition {
  readonly account: string;
  readonly available?: Comparison;
  readonly posted?: Comparison;
  readonly version?: number;
}

export interface TransactionRequest extends GivenDetails {
  readonly entries: readonly EntryRequest[];
  /** RFC 3339; null or absent: when it is recorded. */
  readonly effectiveAt?: string | null;
  readonly metadata?: Metadata;
  readonly preconditions?: readonly Precondition[];
  readonly pending?: boolean;
  readonly expiresAt?: string | null;
}

export interface PostTransaction extends TransactionRequest, OfLedger {
  readonly type: 'PostTransaction';
  /** Of an import: it has happened, so that no bound refuses it, nor that an account is frozen or closed. */
  readonly judged?: false;
}

/** Earlier transactions are visible to later ones. Atomic: all or none; otherwise one result for each, in order. */
export interface PostTransactions extends OfLedger {
  readonly type: 'PostTransactions';
  readonly atomic: boolean;
  readonly transactions: readonly TransactionRequest[];
  /** Of a part of a bulk: how many of its transactions come before. Refusals name the item by its place in the bulk. */
  readonly before?: number;
}

/** What is said of a hold in books that are imported happened when they say. */
export interface OfHold extends Pick<OfLedger, 'isImport' | 'isFollowed'> {
  /** RFC 3339; null or absent: when it is recorded. */
  readonly effectiveAt?: string | null;
}

/** By default the whole of what is held. `final` (default true) releases the rest. */
export interface CaptureHold extends OfHold {
  readonly type: 'CaptureHold';
  readonly transactionId: string;
  readonly amount?: string;
  readonly entries?: readonly EntryRequest[];
  readonly final?: boolean;
}

export interface VoidHold extends OfHold {
  readonly type: 'VoidHold';
  /** Of an import: it had expired, or else it was voided, whatever the time is here. */
  readonly isExpiry?: boolean;
  readonly transactionId: string;
}

/** By default the whole of what is not yet reversed. `allowOverdraft` needs the scope `ledger:admin`, checked before. */
export interface ReverseTransaction extends Pick<GivenDetails, 'description'>, OfLedger {
  readonly type: 'ReverseTransaction';
  readonly transactionId: string;
  readonly amount?: string;
  readonly entries?: readonly EntryRequest[];
  readonly effectiveAt?: string | null;
  readonly metadata?: Metadata;
  readonly allowOverdraft?: boolean;
}

/** The writer's own command: releases holds whose time has come. */
export interface ExpireHolds {
  readonly type: 'ExpireHolds';
  readonly transactionIds: readonly string[];
}

/** Asks for an account as the writer knows it; nothing is recorded. */
export interface ShowAccount {
  readonly type: 'ShowAccount';
  readonly address: string;
}

/**
 * Keeps the idempotency key of a request that is many commands (lines, a file), each under a key of its own: so no
 * other request has it. Nothing is changed, and without a key nothing is recorded.
 */
export interface ClaimKey {
  readonly type: 'ClaimKey';
}

export type LedgerCommand =
  | AccountCommand
  | PostTransaction
  | PostTransactions
  | CaptureHold
  | VoidHold
  | ReverseTransaction
  | ExpireHolds
  | ClosePeriod
  | ClaimKey
  | ShowAccount;
