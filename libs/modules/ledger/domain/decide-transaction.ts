import { book, crossedBound } from './booking';
import type { PlannedEntry } from './booking';
import type { TransactionRequest } from './commands';
import type { DecideContext } from './decision';
import type { HoldPlaced, TransactionPosted } from './events';
import { lengthRefusal, metadataRefusal } from './given-texts';
import type { OfLedger } from './managed';
import { closedRefusal } from './period';
import { referenceKey, transactionOf } from './records';
import type { LedgerView } from './records';
import { releaseBytesMax } from './release-size';
import { newHeader } from './transaction';
import { isRefusal, parseTime, refuse } from '@fintech-ledger/contract';
import {
  expiresInThePast,
  holdTooLarge,
  invalidTime,
  referenceTaken,
  unknownTransaction,
} from './transaction-refusals';
import type { Refusal, RefusalOf } from '@fintech-ledger/contract';
import type { textRefusals } from './given-texts';
import type { transactionRefusals } from './transaction-refusals';
import { parseEntries, unbalancedRefusal, usableAccount } from './entries';
import type { ParsedEntry } from './entries';
import { unmetPrecondition } from './preconditions';

/** How long a hold of a file stays open of which more is said: an import may be interrupted, and go on later. */
const openForFileMs = 7 * 24 * 60 * 60 * 1000;

export interface TransactionContext {
  readonly now: string;
  readonly recordedAt: string;
  readonly transactionId: string;
  /** See `DecideContext`. */
  readonly eventBytesMax?: number;
}

/** What deciding a transaction needs to know, as event number `index` of the decision. */
export function contextOfEvent(context: DecideContext, index: number): TransactionContext {
  const { now, recordedAt = now, eventBytesMax } = context;
  const transactionId = context.newId('txn', index);
  return eventBytesMax === undefined
    ? { now, recordedAt, transactionId }
    : { now, recordedAt, transactionId, eventBytesMax };
}

/**
 * Posts a transaction, or holds its amounts when it is pending.
 * @param ofLedger what the command says of its ledger
 */
export function decideTransaction(
  view: LedgerView,
  request: TransactionRequest,
  context: TransactionContext,
  ofLedger: OfLedger = {},
): TransactionPosted | HoldPlaced | RefusalOf<typeof transactionRefusals> {
  const amounts = parseEntries(request.entries, '/entries', ofLedger);
  if (isRefusal(amounts)) return amounts;
  const unfit = unfitText(request);
  if (unfit) return unfit;
  const times = timesOf(view, request, context.now, ofLedger);
  if (isRefusal(times)) return times;
  const taken = takenReference(view, request.reference);
  if (taken) return taken;
  const off = unbalancedRefusal(amounts);
  if (off) return off;

  const effect = request.pending === true ? 'hold' : 'post';
  const planned: PlannedEntry[] = [];
  for (let i = 0; i < amounts.length; i += 1) {
    const entry = amounts[i] as ParsedEntry;
    const account = usableAccount(view, entry, `/entries/${i}`, ofLedger);
    if (isRefusal(account)) return account;
    planned.push({ account, amount: entry.amount, direction: entry.direction, effect });
  }
  const unmet = request.preconditions && unmetPrecondition(view, request.preconditions);
  if (unmet) return unmet;
  const booking = book(planned);
  const crossed = crossedBound(booking);
  if (crossed)
    return { ...crossed, param: `/entries/${firstOf(amounts, crossed.meta?.['account'])}/account` };

  const transaction = newHeader(request, {
    effectiveAt: times.effectiveAt,
    expiresAt: times.expiresAt,
    id: context.transactionId,
    openUntil: times.openUntil,
    recordedAt: context.recordedAt,
    reverses: null,
    status: request.pending === true ? 'pending' : 'posted',
  });
  const data = { entries: booking.entries, transaction };
  if (request.pending !== true) return { type: 'TransactionPosted', data };
  return unreleasable(data, context) ?? { type: 'HoldPlaced', data };
}

/** What the texts of a new transaction can't be. */
export function unfitText(
  given: Pick<TransactionRequest, 'description' | 'reference' | 'metadata'>,
): RefusalOf<typeof textRefusals> | undefined {
  return (
    lengthRefusal('description', given.description) ??
    lengthRefusal('reference', given.reference) ??
    metadataRefusal(given.metadata)
  );
}

const firstOf = (entries: readonly ParsedEntry[], address: string | undefined): number =>
  entries.findIndex(({ account }) => account === address);

/** A hold must be released by one event, or it could never end. */
function unreleasable(
  data: HoldPlaced['data'],
  { eventBytesMax = Infinity }: TransactionContext,
): Refusal<'hold_too_large'> | undefined {
  const bytes = releaseBytesMax(data);
  if (bytes <= eventBytesMax) return undefined;
  return refuse(
    holdTooLarge,
    `releasing these ${data.entries.length} entries may take an event of ${bytes} bytes; at most ${eventBytesMax} can be stored`,
    '/entries',
  );
}

interface Times {
  readonly effectiveAt: string;
  readonly expiresAt: string | null;
  readonly openUntil?: string;
}

/** When it counts, and how long it is held. What corrects something in a closed period counts when it is booked. */
function timesOf(
  view: LedgerView,
  request: TransactionRequest,
  now: string,
  ofLedger: OfLedger,
): Times | Refusal<'invalid_time' | 'expires_in_the_past' | 'unknown_transaction' | 'period_closed'> {
  const times = parseTimes(request, now, ofLedger);
  if (isRefusal(times)) return times;
  const { correctionOf } = request;
  const isCorrection = typeof correctionOf === 'string';
  if (isCorrection && transactionOf(view, correctionOf) === undefined) {
    const detail = `there is no transaction ${correctionOf} in this ledger`;
    return refuse(unknownTransaction, detail, '/correction_of');
  }
  // What says no time counts now, which is after every close.
  if (typeof request.effectiveAt !== 'string') return times;
  const closed = closedRefusal(view, times.effectiveAt);
  if (closed === undefined) return times;
  return isCorrection ? { ...times, effectiveAt: now } : closed;
}

function parseTimes(
  request: TransactionRequest,
  now: string,
  { isImport, isFollowed }: OfLedger,
): Times | Refusal<'invalid_time' | 'expires_in_the_past'> {
  const effectiveAt = parseEffectiveAt(request.effectiveAt, now);
  if (isRefusal(effectiveAt)) return effectiveAt;
  if (request.expiresAt === undefined || request.expiresAt === null) return { effectiveAt, expiresAt: null };
  const expiresAt = parseTime(request.expiresAt);
  if (expiresAt === undefined) return notATime('/expires_at');
  if (request.pending !== true) {
    return refuse(
      invalidTime,
      'only a pending transaction expires: leave expires_at out or say "pending": true',
      '/expires_at',
    );
  }
  if (isImport === true) {
    const openUntil = new Date(Date.parse(now) + openForFileMs).toISOString();
    return isFollowed === true && expiresAt < openUntil
      ? { effectiveAt, expiresAt, openUntil }
      : { effectiveAt, expiresAt };
  }
  if (expiresAt <= now) {
    return refuse(expiresInThePast, `it is ${now} already, expires_at is ${expiresAt}`, '/expires_at');
  }
  return { effectiveAt, expiresAt };
}

export function parseEffectiveAt(
  effectiveAt: string | null | undefined,
  now: string,
): string | Refusal<'invalid_time'> {
  if (effectiveAt === undefined || effectiveAt === null) return now;
  return parseTime(effectiveAt) ?? notATime('/effective_at');
}

function notATime(param: string): Refusal<'invalid_time'> {
  return refuse(
    invalidTime,
    'a time is RFC 3339 with an offset, for example 2026-01-31T12:00:00.000Z',
    param,
  );
}

function takenReference(
  view: LedgerView,
  reference: string | null | undefined,
): Refusal<'reference_taken'> | undefined {
  if (reference === undefined || reference === null) return undefined;
  const holder = view.get(referenceKey(reference));
  if (holder?.kind !== 'reference') return undefined;
  return refuse(
    referenceTaken,
    `the reference ${reference} belongs to ${holder.transactionId}`,
    '/reference',
    {
      transaction: holder.transactionId,
    },
  );
}
