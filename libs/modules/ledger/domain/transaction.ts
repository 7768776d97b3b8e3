import { snakeCase } from '@fintech-ledger/contract';
import type { SnakeCase } from '@fintech-ledger/contract';
import { nullable, optional, text } from '@fintech-ledger/shapes';
import type { OptionalShape, ViewOf } from '@fintech-ledger/shapes';
import { sortedMetadata } from './account';
import type { AccountTerms, Direction, Metadata } from './account';

/**
 * What a client says of a transaction and the ledger keeps as it is: texts, or null. From here come the field of a
 * command, of an event and of NDJSON files, the column of the row, what is answered, and the document.
 *
 * One that is added later is `optional`: what was recorded before does not have it, and is answered as it was.
 */
export const transactionDetails = {
  description: nullable(text('What it is for.', 'order 1001'), 'value'),
  reference: nullable(text('The name that the client gave it, unique in the ledger.', 'order-1001'), 'value'),
  correctionOf: optional(nullable(text('The transaction that it corrects; absent: none.', 'txn_0'))),
} as const;

type Details = typeof transactionDetails;
export type DetailName = keyof Details;
/** Those that the first version of an event does not have. */
export type LaterDetail = {
  [Name in DetailName]: Details[Name] extends OptionalShape<unknown> ? Name : never;
}[DetailName];
export type TransactionDetails = {
  readonly [Name in Exclude<DetailName, LaterDetail>]: ViewOf<Details[Name]>;
} & { readonly [Name in LaterDetail]?: ViewOf<Details[Name]> | undefined };
/** As a client gives them: absent is null. */
export type GivenDetails = { readonly [Name in DetailName]?: string | null | undefined };
/** Every one of them, given or not. */
export type AllDetails = { readonly [Name in DetailName]: string | null };
/** What not every version of an event has, as it is recorded: only where it is given. */
type LaterFields = { readonly [Name in LaterDetail]: string | null | undefined } & {
  readonly openUntil: string | undefined;
};

/** In the order in which they are answered. */
export const detailNames = Object.keys(transactionDetails) as readonly DetailName[];
/** Each with its name in the API, in files, and in the read models. */
export const detailFields = detailNames.map((name) => ({ name, field: snakeCase(name) }));
/** Those that may be absent where a transaction was recorded. */
export const laterDetails: ReadonlySet<string> = new Set(
  detailNames.filter((name) => 'isOptional' in transactionDetails[name]),
);
/** Under those names. */
export type DetailFields<D extends GivenDetails = TransactionDetails> = {
  readonly [Name in keyof D as SnakeCase<Name & string>]: Exclude<D[Name], undefined>;
};

export const detailShapes = Object.fromEntries(
  detailFields.map(({ name, field }) => [field, transactionDetails[name]]),
) as { readonly [Name in DetailName as SnakeCase<Name>]: Details[Name] };

/** What a transaction says, under the names of the API. What was recorded without a detail is shown without it. */
export function detailFieldsOf(transaction: TransactionDetails): DetailFields {
  const fields: Partial<Record<keyof DetailFields, string | null>> = {};
  for (const { name, field } of detailFields) {
    const detail: string | null | undefined = transaction[name];
    if (detail !== undefined) fields[field] = detail;
  }
  return fields as DetailFields;
}

/** What is said under those names; absent is null. */
export function detailsFrom(fields: DetailFields<GivenDetails>): AllDetails {
  const details: Partial<Record<DetailName, string | null>> = {};
  for (const { name, field } of detailFields) details[name] = fields[field] ?? null;
  return details as AllDetails;
}

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

/** A line and its place among those of its transaction, from 0. */
export interface PlacedLine extends TransactionLine {
  readonly index: number;
}

/** Lines of a transaction after an event: all of them, or of more than `linesToldMax` those that it changed. */
export interface LinesAfter {
  /** How many the transaction has. */
  readonly lineCount: number;
  readonly lines: readonly PlacedLine[];
}

export interface TransactionHeader extends TransactionDetails {
  readonly effectiveAt: string;
  readonly expiresAt: string | null;
  readonly id: string;
  readonly metadata: Metadata;
  /** It stays open until then though it expires before: an import has more to say of it. Absent: no longer. */
  readonly openUntil?: string | undefined;
  readonly recordedAt: string;
  /** The transaction that this one reverses. */
  readonly reverses: string | null;
  readonly status: TransactionStatus;
}

/** When what is held is released; null: only by command. */
export function endOf({
  expiresAt,
  openUntil,
}: Pick<TransactionHeader, 'expiresAt' | 'openUntil'>): string | null {
  return expiresAt !== null && openUntil !== undefined && openUntil > expiresAt ? openUntil : expiresAt;
}

/** A transaction after the event, with its lines: what TransactionPosted and HoldPlaced leave to be derived from their entries. */
export interface TransactionSnapshot extends TransactionHeader {
  readonly isHold: boolean;
  readonly lines: readonly TransactionLine[];
  /** The first `reversalsNamedMax` that reverse it; as far as first versions of events tell it, all. */
  readonly reversedBy: readonly string[];
}

/** The beginning of a transaction; its names are in the order of canonical JSON, which is written faster so. */
export function newHeader(
  given: GivenDetails & { readonly metadata?: Metadata },
  facts: Omit<TransactionHeader, DetailName | 'metadata'>,
): TransactionHeader {
  const header: Omit<TransactionHeader, LaterDetail> = {
    description: given.description ?? null,
    effectiveAt: facts.effectiveAt,
    expiresAt: facts.expiresAt,
    id: facts.id,
    metadata: sortedMetadata(given.metadata),
    recordedAt: facts.recordedAt,
    reference: given.reference ?? null,
    reverses: facts.reverses,
    status: facts.status,
  };
  return withLater({ correctionOf: given.correctionOf ?? undefined, openUntil: facts.openUntil }, header);
}

/** The lines of a transaction that has seen nothing but its first event. */
export function firstLines(entries: readonly BookedEntry[]): readonly TransactionLine[] {
  return entries.map((entry) => ({
    account: entry.account,
    amount: entry.amount,
    captured: entry.effect === 'hold' ? '0' : entry.amount,
    currency: entry.currency,
    direction: entry.direction,
    held: entry.effect === 'hold' ? entry.amount : '0',
    reversed: '0',
  }));
}

/** A transaction as its first event left it. */
export function firstSnapshot(
  header: TransactionHeader,
  entries: readonly BookedEntry[],
): TransactionSnapshot {
  const isHold = entries[0]?.effect === 'hold';
  return snapshotWith(header, { isHold, lines: firstLines(entries), reversedBy: [] });
}

/** A transaction after an event; in the order of canonical JSON too. */
export function snapshotWith(
  header: TransactionHeader,
  { isHold, lines, reversedBy }: Omit<TransactionSnapshot, keyof TransactionHeader>,
): TransactionSnapshot {
  const snapshot: Omit<TransactionSnapshot, LaterDetail> = {
    description: header.description,
    effectiveAt: header.effectiveAt,
    expiresAt: header.expiresAt,
    id: header.id,
    isHold,
    lines,
    metadata: header.metadata,
    recordedAt: header.recordedAt,
    reference: header.reference,
    reversedBy,
    reverses: header.reverses,
    status: header.status,
  };
  return withLater({ correctionOf: header.correctionOf, openUntil: header.openUntil }, snapshot);
}

/** What a transaction lacks of them is left out, as it is of one that was read from a text. */
function withLater<T extends object>(
  later: LaterFields,
  transaction: T,
): T & Partial<Pick<TransactionHeader, keyof LaterFields>> {
  const given = Object.entries(later).filter(([, value]) => value !== undefined);
  return given.length === 0 ? transaction : { ...Object.fromEntries(given), ...transaction };
}
