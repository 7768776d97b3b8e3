import { statusCommandTypes } from '@fintech-ledger/ledger/domain';
import type {
  AccountType,
  DetailFields,
  EntryRequest,
  Metadata,
  StatusCommandType,
} from '@fintech-ledger/ledger/domain';

/**
 * The lines of an export, one JSON object each, in the order in which they were recorded. Amounts: strings of minor units. Times: RFC 3339.
 * The first line is the header, the last one the trailer, so that a file that was cut short is noticed.
 */
export interface ExportHeader {
  readonly object: 'export';
  readonly format: 1;
  readonly ledger: { readonly id: string; readonly name: string };
  /** The last revision that is in the file, -1 when there is none. */
  readonly revision: number;
}
export interface UnitRecord {
  readonly object: 'unit';
  readonly code: string;
  readonly exponent: number;
  readonly name: string;
}
export interface AccountRecordLine {
  readonly object: 'account';
  readonly address: string;
  readonly type: AccountType;
  readonly currency: string;
  readonly min_balance: string | null;
  readonly max_balance: string | null;
  readonly metadata: Metadata;
}
/** What was changed of an account later, all of its terms as they were then. */
export interface AccountAmendmentLine extends Omit<AccountRecordLine, 'object'> {
  readonly object: 'account_amendment';
}
/** `account_freeze` for `FreezeAccount`. */
type StatusObject<Type = StatusCommandType> = Type extends `${infer Verb}Account`
  ? `account_${Lowercase<Verb>}`
  : never;
export interface AccountStatusLine {
  readonly object: StatusObject;
  readonly address: string;
}
export interface TransactionRecordLine extends DetailFields {
  readonly object: 'transaction';
  readonly id?: string;
  readonly entries: readonly EntryRequest[];
  readonly effective_at: string | null;
  readonly metadata: Metadata;
  readonly pending: boolean;
  readonly expires_at: string | null;
  /** It had to be booked, whatever the bounds of its accounts said, and where they were frozen or closed. */
  readonly judged?: false;
}
export interface CaptureLine {
  readonly object: 'capture';
  readonly transaction: string;
  readonly entries: readonly EntryRequest[];
  readonly final: boolean;
  /** When it counts; earlier releases did not say it. */
  readonly effective_at?: string;
}
export interface ReleaseLine {
  readonly object: 'void' | 'expiry';
  readonly transaction: string;
  /** When it counts. An expiry counts when the hold expires. */
  readonly effective_at?: string;
}
/** `entries`: those of the new transaction, the other way round than what it reverses. */
export interface ReversalLine {
  readonly object: 'reversal';
  readonly id?: string;
  readonly transaction: string;
  readonly entries: readonly EntryRequest[];
  readonly description: string | null;
  readonly effective_at: string | null;
  readonly metadata: Metadata;
}
/** The books were closed here. */
export interface PeriodCloseLine {
  readonly object: 'period_close';
  readonly through: string;
  readonly reason: string;
}
export interface ExportTrailer {
  readonly object: 'end';
  /** Lines before this one. */
  readonly lines: number;
}

/** Behind the trailer: what signs the lines before it, and the head of the ledger's Merkle log at that size. */
export interface ProofBundleLine {
  readonly object: 'proof_bundle';
  readonly format: 1;
  /** Null: the Merkle log was not there when the export was made. */
  readonly head: Readonly<Record<string, unknown>> | null;
  /** Over the lines before it with their line breaks, hex. */
  readonly lines_sha256: string;
  readonly key_id: string;
  /** Over the canonical JSON (RFC 8785) of all members but this one. */
  readonly signature: string;
}

export type ExportRecord =
  | ExportHeader
  | UnitRecord
  | AccountRecordLine
  | AccountAmendmentLine
  | AccountStatusLine
  | TransactionRecordLine
  | CaptureLine
  | ReleaseLine
  | ReversalLine
  | PeriodCloseLine
  | ExportTrailer
  | ProofBundleLine;

export function statusObject(command: StatusCommandType): StatusObject {
  return `account_${command.slice(0, -'Account'.length).toLowerCase()}` as StatusObject;
}

/** The commands that change an account's status, by the lines that stand for them. */
export const statusCommands = Object.fromEntries(
  statusCommandTypes.map((command) => [statusObject(command), command]),
) as Readonly<Record<StatusObject, StatusCommandType>>;
