import { isRefusal, parseTime, refuse } from '@fintech-ledger/contract';
import { firstReversals, headerOf, linesAfter, withoutOpenUntil } from './amendment';
import { book, crossedBound } from './booking';
import type { PlannedEntry } from './booking';
import type { CaptureHold, VoidHold } from './commands';
import { accountOfLine, notOpen } from './entries';
import { later } from './ledger-event-type';
import { closedRefusal } from './period';
import { endOf } from './transaction';
import type { HoldCaptured, HoldExpired, HoldVoided } from './events';
import type { TransactionLine, TransactionSnapshot, TransactionStatus } from './transaction';
import { transactionOf } from './records';
import type { LedgerView } from './records';
import { portionOf } from './transaction-lines';
import {
  alreadyCaptured,
  alreadyVoided,
  holdExpired,
  notAHold,
  transactionNotFound,
  holdExceeded,
} from './hold-refusals';
import type { RefusalOf } from '@fintech-ledger/contract';
import type { captureRefusals, voidRefusals } from './hold-refusals';

/**
 * Books what was held, in whole or in part; `final` (default) releases the rest.
 */
export function decideCapture(
  view: LedgerView,
  command: CaptureHold,
  now: string,
): HoldCaptured | RefusalOf<typeof captureRefusals> {
  const hold = openHold(view, command, now);
  if (isRefusal(hold)) return hold;
  const held = hold.lines.map((line) => BigInt(line.held));
  const portion = portionOf(hold.lines, held, command, holdExceeded);
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
      const account = accountOfLine(view, line);
      const closed = notOpen(account);
      if (closed) return closed;
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
  // What keeps it open for a file ends with the last that the file says of it.
  const after =
    isOpen && (command.isImport !== true || command.isFollowed === true) ? hold : withoutOpenUntil(hold);
  return {
    type: 'HoldCaptured',
    data: {
      ...countedAt(view, hold, command),
      entries: booking.entries,
      ...linesAfter(hold.lines, lines),
      reversedBy: firstReversals(hold.reversedBy),
      transaction: headerOf(after, isOpen ? 'pending' : 'posted'),
    },
  };
}

/**
 * Releases all that is still held; what was captured before stays. A release is allowed on frozen and closed accounts. From the hold's
 * end until its release is recorded, this is what records it.
 */
export function decideVoid(
  view: LedgerView,
  command: VoidHold,
  now: string,
): HoldVoided | HoldExpired | RefusalOf<typeof voidRefusals> {
  const { isImport, isExpiry, transactionId } = command;
  const expiry = isImport === true ? undefined : decideExpiry(view, transactionId, now);
  if (expiry) return expiry;
  const hold = openHold(view, command, now);
  if (isRefusal(hold)) return hold;
  if (isImport === true && isExpiry === true)
    return { type: 'HoldExpired', data: released(view, hold, 'expired') };
  const data = { ...countedAt(view, hold, command), ...released(view, hold, 'voided') };
  return { type: 'HoldVoided', data };
}

/** When an import says that it was; nothing where that is in a closed period, so that it counts when it is recorded. */
function countedAt(
  view: LedgerView,
  hold: TransactionSnapshot,
  { effectiveAt, isImport }: Pick<CaptureHold, 'effectiveAt' | 'isImport'>,
): { readonly effectiveAt?: string } {
  const said = isImport === true && typeof effectiveAt === 'string' ? parseTime(effectiveAt) : undefined;
  if (said === undefined) return {};
  const at = later(hold.effectiveAt, said);
  return closedRefusal(view, at) === undefined ? { effectiveAt: at } : {};
}

/** Releases a hold whose `expiresAt` has come; undefined when there is nothing to release (any more, or yet). */
export function decideExpiry(view: LedgerView, transactionId: string, now: string): HoldExpired | undefined {
  const hold = transactionOf(view, transactionId);
  if (hold?.status !== 'pending') return undefined;
  const end = endOf(hold);
  if (end === null || end > now) return undefined;
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
      ...withoutOpenUntil(hold),
      lines: hold.lines.map((line) => ({ ...line, held: '0' })),
      status: isPartlyCaptured ? 'posted' : status,
    },
  };
}

function release(view: LedgerView, line: TransactionLine, amount: bigint): PlannedEntry {
  return { account: accountOfLine(view, line), amount, direction: line.direction, effect: 'release' };
}

function openHold(
  view: LedgerView,
  { transactionId, isImport }: CaptureHold | VoidHold,
  now: string,
): TransactionSnapshot | RefusalOf<typeof voidRefusals> {
  const hold = transactionOf(view, transactionId);
  if (!hold) return refuse(transactionNotFound, `there is no transaction ${transactionId} in this ledger`);
  if (!hold.isHold) return refuse(notAHold, `${transactionId} was posted at once; there is nothing held`);
  if (hold.status === 'voided') return refuse(alreadyVoided, `${transactionId} was voided`);
  const end = endOf(hold);
  // What is pending yet is open for a file: what it says was before the end.
  const isPast = end !== null && end <= now && !(isImport === true && hold.status === 'pending');
  const isWholeCaptured = hold.lines.every((line) => line.captured === line.amount);
  // What released the rest of one of which a part was captured is not known: a capture, a void, or its end.
  const posted = `${transactionId} is posted: a part of it was captured, and the rest was released`;
  if (hold.status === 'expired' || (isPast && !isWholeCaptured)) {
    const end = hold.expiresAt ?? '';
    const isPosted = hold.status === 'posted';
    return refuse(
      holdExpired,
      isPosted ? `${posted}; its time ended at ${end}` : `${transactionId} expired at ${end}`,
    );
  }
  if (hold.status === 'posted')
    return refuse(alreadyCaptured, isWholeCaptured ? `${transactionId} was captured whole` : posted);
  return hold;
}
