import { BrokenInvariant, isRefusal, refuse } from '@fintech-ledger/contract';
import type { AccountRecord } from './account';
import { book, crossedBound } from './booking';
import type { PlannedEntry } from './booking';
import type { CaptureHold, VoidHold } from './commands';
import { usableAccount } from './decide-transaction';
import type { HoldCaptured, HoldExpired, HoldVoided } from './events';
import type { TransactionLine, TransactionSnapshot, TransactionStatus } from './transaction';
import { accountOf, transactionOf } from './records';
import type { LedgerView } from './records';
import type { LedgerRefusal } from './refusal';
import { portionOf } from './transaction-lines';

/**
 * Books what was held, in whole or in part; `final` (default) releases the rest.
 * Refusals in order: `transaction_not_found`, `not_a_hold`, `already_voided`, `hold_expired`, `already_captured`, `invalid_amount`,
 * `amount_needs_two_entries`, `too_many_entries`, `too_few_entries`, `entry_not_in_transaction`, `hold_exceeded`, `unbalanced`,
 * `account_closed`, `account_frozen`, `insufficient_funds`, `balance_above_maximum`.
 */
export function decideCapture(
  view: LedgerView,
  command: CaptureHold,
  now: string,
): HoldCaptured | LedgerRefusal {
  const hold = openHold(view, command.transactionId, now);
  if (isRefusal(hold)) return hold;
  const held = hold.lines.map((line) => BigInt(line.held));
  const portion = portionOf(hold.lines, held, command, 'hold_exceeded');
  if (isRefusal(portion)) return portion;
  const isFinal = command.final ?? true;

  const captures: PlannedEntry[] = [];
  const releases: PlannedEntry[] = [];
  const lines: TransactionLine[] = [];
  for (let l = 0; l < hold.lines.length; l += 1) {
    const line = hold.lines[l] as TransactionLine;
    const taken = portion.taken[l] ?? 0n;
    const rest = (held[l] ?? 0n) - taken;
    if (taken > 0n) {
      const account = usableAccount(view, line);
      if (isRefusal(account)) return account;
      captures.push({ account, amount: taken, direction: line.direction, effect: 'capture' });
    }
    if (isFinal && rest > 0n) releases.push(release(view, line, rest));
    lines.push({
      ...line,
      captured: String(BigInt(line.captured) + taken),
      held: isFinal ? '0' : String(rest),
    });
  }
  const booking = book([...captures, ...releases]);
  const crossed = crossedBound(booking);
  if (crossed) return crossed;
  const isOpen = lines.some((line) => line.held !== '0');
  return {
    type: 'HoldCaptured',
    data: {
      entries: booking.entries,
      transaction: { ...hold, lines, status: isOpen ? 'pending' : 'posted' },
    },
  };
}

/**
 * Releases all that is still held; what was captured before stays. A release is allowed on frozen and closed accounts. From the hold's
 * end until its release is recorded, this is what records it.
 * Refusals: `transaction_not_found`, `not_a_hold`, `already_voided`, `hold_expired`, `already_captured`.
 */
export function decideVoid(
  view: LedgerView,
  command: VoidHold,
  now: string,
): HoldVoided | HoldExpired | LedgerRefusal {
  const expiry = decideExpiry(view, command.transactionId, now);
  if (expiry) return expiry;
  const hold = openHold(view, command.transactionId, now);
  return isRefusal(hold) ? hold : { type: 'HoldVoided', data: released(view, hold, 'voided') };
}

/** Releases a hold whose `expiresAt` has come; undefined when there is nothing to release (any more, or yet). */
export function decideExpiry(view: LedgerView, transactionId: string, now: string): HoldExpired | undefined {
  const hold = transactionOf(view, transactionId);
  if (hold?.status !== 'pending' || hold.expiresAt === null || hold.expiresAt > now) return undefined;
  return { type: 'HoldExpired', data: released(view, hold, 'expired') };
}

function released(
  view: LedgerView,
  hold: TransactionSnapshot,
  status: TransactionStatus,
): HoldVoided['data'] {
  const open = hold.lines.filter((line) => line.held !== '0');
  const booking = book(open.map((line) => release(view, line, BigInt(line.held))));
  const isPartlyCaptured = hold.lines.some((line) => line.captured !== '0');
  return {
    entries: booking.entries,
    transaction: {
      ...hold,
      lines: hold.lines.map((line) => ({ ...line, held: '0' })),
      status: isPartlyCaptured ? 'posted' : status,
    },
  };
}

function release(view: LedgerView, line: TransactionLine, amount: bigint): PlannedEntry {
  return { account: heldAccount(view, line.account), amount, direction: line.direction, effect: 'release' };
}

function heldAccount(view: LedgerView, address: string): AccountRecord {
  const account = accountOf(view, address);
  if (!account) throw new BrokenInvariant(`a hold stands on ${address}, which is not in the ledger`);
  return account;
}

function openHold(view: LedgerView, transactionId: string, now: string): TransactionSnapshot | LedgerRefusal {
  const hold = transactionOf(view, transactionId);
  if (!hold)
    return refuse('transaction_not_found', `there is no transaction ${transactionId} in this ledger`);
  if (!hold.isHold) return refuse('not_a_hold', `${transactionId} was posted at once; there is nothing held`);
  if (hold.status === 'voided') return refuse('already_voided', `${transactionId} was voided`);
  const isPast = hold.expiresAt !== null && hold.expiresAt <= now;
  const isWholeCaptured = hold.lines.every((line) => line.captured === line.amount);
  if (hold.status === 'expired' || (isPast && !isWholeCaptured)) {
    return refuse('hold_expired', `${transactionId} expired at ${hold.expiresAt ?? ''}`);
  }
  if (hold.status === 'posted')
    return refuse('already_captured', `nothing of ${transactionId} is held any more`);
  return hold;
}
