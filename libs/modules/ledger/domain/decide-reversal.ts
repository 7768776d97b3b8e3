import { isRefusal, refuse } from '@fintech-ledger/contract';
import { firstReversals, linesAfter } from './amendment';
import { book, crossedBound } from './booking';
import type { PlannedEntry } from './booking';
import type { ReverseTransaction } from './commands';
import { parseEffectiveAt, unfitText } from './decide-transaction';
import { accountOfLine, notOpen } from './entries';
import { managedRefusal } from './managed';
import type { TransactionReversed } from './events';
import type { TransactionLine, TransactionSnapshot } from './transaction';
import { closedRefusal } from './period';
import { transactionOf } from './records';
import type { LedgerView } from './records';
import { newHeader } from './transaction';
import { portionOf } from './transaction-lines';
import { alreadyVoided, holdExpired, transactionNotFound } from './hold-refusals';
import { alreadyReversed, transactionPending, reversalExceeded } from './reversal-refusals';
import type { RefusalOf } from '@fintech-ledger/contract';
import type { reversalRefusals, reversibleRefusals } from './reversal-refusals';

/**
 * A new transaction that takes back an earlier one, in whole or in part; `entries` name the earlier one's entries in its own direction.
 * Of a hold, what was captured can be reversed.
 */
export function decideReversal(
  view: LedgerView,
  command: ReverseTransaction,
  context: { readonly now: string; readonly recordedAt: string; readonly transactionId: string },
): TransactionReversed | RefusalOf<typeof reversalRefusals> {
  const original = reversible(view, command.transactionId);
  if (isRefusal(original)) return original;
  const unfit = unfitText(command);
  if (unfit) return unfit;
  const effectiveAt = parseEffectiveAt(command.effectiveAt, context.now);
  if (isRefusal(effectiveAt)) return effectiveAt;
  // What says no time counts now, which is after every close.
  const closed = typeof command.effectiveAt === 'string' ? closedRefusal(view, effectiveAt) : undefined;
  if (closed) return closed;
  const left = original.lines.map(leftToReverse);
  const portion = portionOf(original.lines, left, command, reversalExceeded);
  if (isRefusal(portion)) return portion;

  const planned: PlannedEntry[] = [];
  const lines: TransactionLine[] = [];
  for (let l = 0; l < original.lines.length; l += 1) {
    const line = original.lines[l] as TransactionLine;
    const managed = managedRefusal(command, line.account);
    if (managed) return managed;
    const amount = portion.taken[l] ?? 0n;
    lines.push({ ...line, reversed: String(BigInt(line.reversed) + amount) });
    if (amount === 0n) continue;
    const account = accountOfLine(view, line);
    const unusable = notOpen(account);
    if (unusable) return unusable;
    planned.push({
      account,
      amount,
      direction: line.direction === 'debit' ? 'credit' : 'debit',
      effect: 'post',
    });
  }
  const booking = book(planned);
  const crossed = command.allowOverdraft === true ? undefined : crossedBound(booking);
  if (crossed) return crossed;
  return {
    type: 'TransactionReversed',
    data: {
      entries: booking.entries,
      original: { id: original.id, ...linesAfter(original.lines, lines) },
      transaction: newHeader(command, {
        effectiveAt,
        expiresAt: null,
        id: context.transactionId,
        recordedAt: context.recordedAt,
        reverses: original.id,
        status: 'posted',
      }),
    },
  };
}

function leftToReverse(line: TransactionLine): bigint {
  return BigInt(line.captured) - BigInt(line.reversed);
}

function reversible(
  view: LedgerView,
  transactionId: string,
): TransactionSnapshot | RefusalOf<typeof reversibleRefusals> {
  const original = transactionOf(view, transactionId);
  if (!original)
    return refuse(transactionNotFound, `there is no transaction ${transactionId} in this ledger`);
  if (original.lines.some((line) => leftToReverse(line) > 0n)) return original;
  if (original.lines.some((line) => line.captured !== '0')) {
    return refuse(alreadyReversed, `all of ${transactionId} has been reversed`, undefined, {
      reversed_by: firstReversals(original.reversedBy).join(' '),
    });
  }
  if (original.status === 'voided')
    return refuse(alreadyVoided, `${transactionId} was voided; it has booked nothing`);
  if (original.status === 'expired')
    return refuse(holdExpired, `${transactionId} expired; it has booked nothing`);
  return refuse(transactionPending, `${transactionId} is still pending: void it, or capture it first`);
}
