import { availableBalance, postedBalance, sortedMetadata } from './account';
import type { AccountRecord } from './account';
import { parseAmount, parseSigned } from './amount';
import { book, crossedBound, imbalance } from './booking';
import type { PlannedEntry } from './booking';
import type { Comparison, EntryRequest, Precondition, TransactionRequest } from './commands';
import type { HoldPlaced, TransactionPosted } from './events';
import type { TransactionHeader } from './transaction';
import { amountDigitsMax, entriesMax, entriesMin } from './limits';
import { accountOf, referenceKey } from './records';
import type { LedgerView } from './records';
import type { LedgerRefusal } from './refusal';
import { releaseBytesMax } from './release-size';
import { isRefusal, parseTime, refuse } from '@fintech-ledger/contract';

export interface TransactionContext {
  readonly now: string;
  readonly transactionId: string;
  /** See `DecideContext`. */
  readonly eventBytesMax?: number;
}

/**
 * Posts a transaction, or holds its amounts when it is pending.
 * Refusals, in the order in which they take precedence: `too_few_entries`, `too_many_entries`, `invalid_amount`, `invalid_time`,
 * `expires_in_the_past`, `reference_taken`, `unbalanced`, `unknown_account`, `account_closed`, `account_frozen`,
 * `currency_mismatch`, `version_conflict`, `precondition_failed`, `insufficient_funds`, `balance_above_maximum`, `hold_too_large`.
 * Where several entries (preconditions, accounts) are at fault, the first of them is named, with the first of its faults.
 */
export function decideTransaction(
  view: LedgerView,
  request: TransactionRequest,
  context: TransactionContext,
): TransactionPosted | HoldPlaced | LedgerRefusal {
  const amounts = parseEntries(request.entries, '/entries');
  if (isRefusal(amounts)) return amounts;
  const times = parseTimes(request, context.now);
  if (isRefusal(times)) return times;
  const taken = takenReference(view, request.reference);
  if (taken) return taken;
  const unbalanced = unbalancedRefusal(amounts);
  if (unbalanced) return unbalanced;

  const effect = request.pending === true ? 'hold' : 'post';
  const planned: PlannedEntry[] = [];
  for (let i = 0; i < amounts.length; i += 1) {
    const entry = amounts[i] as ParsedEntry;
    const account = usableAccount(view, entry, `/entries/${i}`);
    if (isRefusal(account)) return account;
    planned.push({ account, amount: entry.amount, direction: entry.direction, effect });
  }
  const unmet = unmetPrecondition(view, request.preconditions ?? []);
  if (unmet) return unmet;
  const booking = book(planned);
  const crossed = crossedBound(booking);
  if (crossed) return crossed;

  const transaction: TransactionHeader = {
    description: request.description ?? null,
    effectiveAt: times.effectiveAt,
    expiresAt: times.expiresAt,
    id: context.transactionId,
    metadata: sortedMetadata(request.metadata),
    recordedAt: context.now,
    reference: request.reference ?? null,
    reverses: null,
    status: request.pending === true ? 'pending' : 'posted',
  };
  const data = { entries: booking.entries, transaction };
  if (request.pending !== true) return { type: 'TransactionPosted', data };
  return unreleasable(data, context) ?? { type: 'HoldPlaced', data };
}

/** A hold must be released by one event, or it could never end. Refusal: `hold_too_large`. */
function unreleasable(
  data: HoldPlaced['data'],
  { eventBytesMax = Infinity }: TransactionContext,
): LedgerRefusal | undefined {
  const bytes = releaseBytesMax(data);
  if (bytes <= eventBytesMax) return undefined;
  return refuse(
    'hold_too_large',
    `releasing these ${data.entries.length} entries may take an event of ${bytes} bytes; at most ${eventBytesMax} can be stored`,
    '/entries',
  );
}

export interface ParsedEntry {
  readonly account: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly direction: EntryRequest['direction'];
}

/** Refusals: `too_few_entries`, `too_many_entries`, `invalid_amount`. */
export function parseEntries(
  entries: readonly EntryRequest[],
  param: string,
): readonly ParsedEntry[] | LedgerRefusal {
  if (entries.length < entriesMin) {
    return refuse(
      'too_few_entries',
      `a transaction has at least ${entriesMin} entries, this one has ${entries.length}`,
      param,
    );
  }
  if (entries.length > entriesMax) {
    return refuse(
      'too_many_entries',
      `a transaction has at most ${entriesMax} entries, this one has ${entries.length}`,
      param,
    );
  }
  const parsed: ParsedEntry[] = [];
  for (let i = 0; i < entries.length; i += 1) {
    const entry = entries[i] as EntryRequest;
    const amount = parseAmount(entry.amount);
    if (amount === undefined) return invalidAmount(`${param}/${i}/amount`);
    parsed.push({ account: entry.account, amount, currency: entry.currency, direction: entry.direction });
  }
  return parsed;
}

export function invalidAmount(param: string): LedgerRefusal {
  return refuse(
    'invalid_amount',
    `an amount is a string of 1 to ${amountDigitsMax} digits in minor units, above zero, without a leading zero`,
    param,
  );
}

export function unbalancedRefusal(entries: readonly ParsedEntry[]): LedgerRefusal | undefined {
  const off = imbalance(entries);
  if (!off) return undefined;
  const more = off.difference > 0n ? 'debits' : 'credits';
  const difference = off.difference > 0n ? off.difference : -off.difference;
  return refuse(
    'unbalanced',
    `in ${off.currency} the ${more} are ${difference} more than the ${more === 'debits' ? 'credits' : 'debits'}`,
    '/entries',
    { currency: off.currency, difference: String(off.difference) },
  );
}

/**
 * An account that may be posted to, or captured to.
 * @param param the pointer to the entry that names it; absent when no field of the command does
 * Refusals: `unknown_account`, `account_closed`, `account_frozen`, `currency_mismatch`.
 */
export function usableAccount(
  view: LedgerView,
  entry: { readonly account: string; readonly currency: string },
  param?: string,
): AccountRecord | LedgerRefusal {
  const accountParam = param === undefined ? undefined : `${param}/account`;
  const account = accountOf(view, entry.account);
  if (!account) {
    return refuse('unknown_account', `there is no account ${entry.account} in this ledger`, accountParam);
  }
  if (account.status !== 'open') {
    return refuse(
      account.status === 'closed' ? 'account_closed' : 'account_frozen',
      `${account.address} is ${account.status}`,
      accountParam,
    );
  }
  if (account.currency !== entry.currency) {
    return refuse(
      'currency_mismatch',
      `${account.address} is in ${account.currency}, not in ${entry.currency}`,
      param === undefined ? undefined : `${param}/currency`,
    );
  }
  return account;
}

function parseTimes(
  request: TransactionRequest,
  now: string,
): { readonly effectiveAt: string; readonly expiresAt: string | null } | LedgerRefusal {
  const effectiveAt = parseEffectiveAt(request.effectiveAt, now);
  if (isRefusal(effectiveAt)) return effectiveAt;
  if (request.expiresAt === undefined || request.expiresAt === null) return { effectiveAt, expiresAt: null };
  const expiresAt = parseTime(request.expiresAt);
  if (expiresAt === undefined) return invalidTime('/expires_at');
  if (request.pending !== true) {
    return refuse(
      'invalid_time',
      'only a pending transaction expires: leave expires_at out or say "pending": true',
      '/expires_at',
    );
  }
  if (expiresAt <= now) {
    return refuse('expires_in_the_past', `it is ${now} already, expires_at is ${expiresAt}`, '/expires_at');
  }
  return { effectiveAt, expiresAt };
}

export function parseEffectiveAt(given: string | null | undefined, now: string): string | LedgerRefusal {
  if (given === undefined || given === null) return now;
  return parseTime(given) ?? invalidTime('/effective_at');
}

function invalidTime(param: string): LedgerRefusal {
  return refuse(
    'invalid_time',
    'a time is RFC 3339 with an offset, for example 2026-01-31T12:00:00.000Z',
    param,
  );
}

function takenReference(view: LedgerView, reference: string | null | undefined): LedgerRefusal | undefined {
  if (reference === undefined || reference === null) return undefined;
  const holder = view.get(referenceKey(reference));
  if (holder?.kind !== 'reference') return undefined;
  return refuse(
    'reference_taken',
    `the reference ${reference} belongs to ${holder.transactionId}`,
    '/reference',
    {
      transaction: holder.transactionId,
    },
  );
}

/** Preconditions are judged before the transaction's own effect. Refusals: `unknown_account`, `version_conflict`, `precondition_failed`, `invalid_amount`. */
function unmetPrecondition(view: LedgerView, conditions: readonly Precondition[]): LedgerRefusal | undefined {
  for (let i = 0; i < conditions.length; i += 1) {
    const precondition = conditions[i] as Precondition;
    const param = `/preconditions/${i}`;
    const account = accountOf(view, precondition.account);
    if (!account) {
      return refuse(
        'unknown_account',
        `there is no account ${precondition.account} in this ledger`,
        `${param}/account`,
      );
    }
    if (precondition.version !== undefined && precondition.version !== account.version) {
      return refuse(
        'version_conflict',
        `${account.address} is at version ${account.version}, not ${precondition.version}`,
        `${param}/version`,
        { account: account.address, version: String(account.version) },
      );
    }
    const unmet =
      unmetComparison(
        precondition.available,
        availableBalance(account.type, account),
        account,
        `${param}/available`,
      ) ??
      unmetComparison(precondition.posted, postedBalance(account.type, account), account, `${param}/posted`);
    if (unmet) return unmet;
  }
  return undefined;
}

const comparisons = {
  gte: { says: 'at least', holds: (is: bigint, wanted: bigint) => is >= wanted },
  lte: { says: 'at most', holds: (is: bigint, wanted: bigint) => is <= wanted },
  eq: { says: 'exactly', holds: (is: bigint, wanted: bigint) => is === wanted },
} as const;

function unmetComparison(
  comparison: Comparison | undefined,
  is: bigint,
  account: AccountRecord,
  param: string,
): LedgerRefusal | undefined {
  for (const operator of ['gte', 'lte', 'eq'] as const) {
    const text = comparison?.[operator];
    if (text === undefined) continue;
    const wanted = parseSigned(text);
    if (wanted === undefined) {
      return refuse(
        'invalid_amount',
        'a balance is a string of up to 36 digits, with "-" in front when negative',
        `${param}/${operator}`,
      );
    }
    const { says, holds } = comparisons[operator];
    if (!holds(is, wanted)) {
      return refuse(
        'precondition_failed',
        `${account.address} has ${is}, ${says} ${wanted} was asked for`,
        `${param}/${operator}`,
        {
          account: account.address,
          balance: String(is),
        },
      );
    }
  }
  return undefined;
}
