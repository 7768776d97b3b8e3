import { BrokenInvariant, refuse } from '@fintech-ledger/contract';
import type { RefusalOf } from '@fintech-ledger/contract';
import { accountKey, accountOf, accountWith, sortedMetadata } from './account';
import type { AccountRecord, AccountType, Direction, Metadata } from './account';
import { book, crossedBound, imbalance } from './booking';
import type { PlannedEntry } from './booking';
import type { BookingFacts } from './booking-event';
import { termsOf } from './decide-account';
import type { DecideContext } from './decision';
import { notOpen } from './entries';
import { boundRefusals, currencyMismatch, openRefusals, unknownAccount } from './entry-refusals';
import { entriesMax, entriesMin } from './limits';
import { isBelow } from './managed';
import type { LedgerView, SharedView } from './records';
import { newHeader } from './transaction';
import type { GivenDetails } from './transaction';

/** What an account is opened with that a module books on for the first time. */
export interface OpeningTerms {
  readonly type: AccountType;
  /** Minor units in the normal direction; absent: no bound. */
  readonly minBalance?: bigint;
  readonly maxBalance?: bigint;
  readonly metadata?: Metadata;
}

export interface BookingLine {
  readonly account: string;
  readonly direction: Direction;
  /** Minor units, above zero. */
  readonly amount: bigint;
  readonly currency: string;
  /** With these terms the account is opened, when it is not there; only below the name of the module. */
  readonly opens?: OpeningTerms;
}

export interface BookingRequest extends Pick<GivenDetails, 'description'> {
  /** At most 1,000; their debits equal their credits for each currency. */
  readonly lines: readonly BookingLine[];
  /** Whether bounds, and accounts that are frozen or closed, refuse it. What has happened is booked all the same. */
  readonly judged: boolean;
  /** The name of the module that books: the accounts below it are its own. */
  readonly manager?: string;
  /** RFC 3339, UTC, milliseconds; absent: now. */
  readonly effectiveAt?: string;
  readonly metadata?: Metadata;
}

/** What a judged booking may be refused with; which line is at fault is for the module to say. */
export const bookingRefusals = [unknownAccount, ...openRefusals, currencyMismatch, ...boundRefusals] as const;

/** Keys of the records that booking these lines reads. */
export function readsOfLines(lines: readonly Pick<BookingLine, 'account'>[]): readonly string[] {
  return lines.map(({ account }) => accountKey(account));
}

/**
 * What an event of another module says of what it books, as event number `index` of a decision. Pure; the view is not
 * changed.
 * @throws BrokenInvariant the lines are no transaction, or what is not judged can't be booked
 */
export function bookLines(
  view: SharedView,
  request: BookingRequest,
  context: DecideContext,
  index = 0,
): BookingFacts | RefusalOf<typeof bookingRefusals> {
  assertTransaction(request.lines);
  const opened = new Map<string, AccountRecord>();
  const planned: PlannedEntry[] = [];
  for (const line of request.lines) {
    const account =
      accountOf(view as LedgerView, line.account) ??
      opened.get(line.account) ??
      opening(line, request, context.now);
    const refused = account === undefined ? unknown(line) : unusable(account, line, request.judged);
    if (refused !== undefined && request.judged) return refused;
    if (account === undefined || refused !== undefined)
      throw new BrokenInvariant(`what has happened can't be booked: ${refused?.detail}`);
    if (account.version === 0) opened.set(account.address, account);
    planned.push({ account, amount: line.amount, direction: line.direction, effect: 'post' });
  }
  const booking = book(planned);
  const crossed = request.judged ? crossedBound(booking) : undefined;
  if (crossed) return crossed;
  const transaction = newHeader(request, {
    effectiveAt: request.effectiveAt ?? context.now,
    expiresAt: null,
    id: context.newId('txn', index),
    recordedAt: context.recordedAt ?? context.now,
    reverses: null,
    status: 'posted',
  });
  return { entries: booking.entries, opens: [...opened.values()].map(termsOf), transaction };
}

function assertTransaction(lines: readonly BookingLine[]): void {
  if (lines.length < entriesMin || lines.length > entriesMax)
    throw new BrokenInvariant(`${lines.length} lines are no transaction`);
  const empty = lines.find(({ amount }) => amount <= 0n);
  if (empty) throw new BrokenInvariant(`the line on ${empty.account} books ${empty.amount}`);
  const off = imbalance(lines);
  if (off) throw new BrokenInvariant(`lines of ${off.currency} differ by ${off.difference}`);
}

const unknown = ({ account }: BookingLine) =>
  refuse(unknownAccount, `there is no account ${account} in this ledger`);

function unusable(
  account: AccountRecord,
  { currency }: BookingLine,
  judged: boolean,
): RefusalOf<typeof bookingRefusals> | undefined {
  const closed = judged ? notOpen(account) : undefined;
  if (closed || account.currency === currency) return closed;
  return refuse(currencyMismatch, `${account.address} is in ${account.currency}, not in ${currency}`);
}

/** The account that a line opens, before its first entry: no event has touched it yet. */
function opening(
  { account: address, currency, opens }: BookingLine,
  { manager }: BookingRequest,
  now: string,
): AccountRecord | undefined {
  if (opens === undefined) return undefined;
  if (manager === undefined || !isBelow(manager, address))
    throw new BrokenInvariant(`${address} is not below ${manager ?? 'a module'}: it is not opened on demand`);
  return accountWith({
    address,
    currency,
    maxBalance: opens.maxBalance === undefined ? null : String(opens.maxBalance),
    metadata: sortedMetadata(opens.metadata),
    minBalance: opens.minBalance === undefined ? null : String(opens.minBalance),
    openedAt: now,
    status: 'open',
    type: opens.type,
  });
}
