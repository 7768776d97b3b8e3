import { refused } from '@fintech-ledger/contract';
import type { DecideContext } from '@fintech-ledger/ledger/domain';
import { booked, referredPayment, returnedLines, returnLines } from '@fintech-ledger/payments/domain';
import { matched } from './apply-line';
import type { CancelBankReturn, ReturnBankLine } from './commands';
import type { DecisionOf } from './decision';
import type { AnyView } from './draft';
import type { BankLineFacts, ParkedReason } from './facts';
import { noLine, spent, unexpectedState } from './line-refusals';
import { bankLineOf } from './records';
import { bankLineNotReturnable } from './refusals';

export function returnBankLine(
  view: AnyView,
  { lineId }: ReturnBankLine,
  context: DecideContext,
): DecisionOf<'ReturnBankLine'> {
  const line = bankLineOf(view, lineId);
  if (line === undefined) return noLine(lineId);
  if (line.status !== 'parked') return spent(line);
  if (line.direction !== 'credit' || line.partyIban === null) {
    const why = `There is no account that the money of line ${lineId} could go back to.`;
    return refused(bankLineNotReturnable, why);
  }
  const { currency, left, payment: leaves } = line;
  const lines = returnLines(BigInt(left), currency);
  const facts = booked(view, lines, `Return of bank statement line ${lineId}`, context);
  const bankLine = { ...matched(line, lineId), status: 'returned' } as const;
  return { kind: 'decided', events: [{ type: 'BankLineReturned', data: { ...facts, bankLine, leaves } }] };
}

/**
 * The bank has not carried it out, so no statement will have it: what was to go back is for nothing yet, as before. Had
 * it gone all the same, it can be returned again, and the line that left be matched to it.
 */
export function cancelBankReturn(
  view: AnyView,
  { lineId }: CancelBankReturn,
  context: DecideContext,
): DecisionOf<'CancelBankReturn'> {
  const line = bankLineOf(view, lineId);
  if (line === undefined) return noLine(lineId);
  const back = line.matches.find(({ object }) => object === lineId);
  if (line.status !== 'returned' || back === undefined)
    return unexpectedState(line, `Line ${lineId} is ${line.status}: it is not to go back.`);
  if (line.returnedAt !== null)
    return unexpectedState(line, `Line ${lineId} has gone back, as a statement says.`);
  const lines = returnedLines(BigInt(back.amount), line.currency);
  const says = `Return of bank statement line ${lineId} canceled`;
  const facts = booked(view, lines, says, context);
  const matches = line.matches.filter((each) => each !== back);
  const parkedBecause = reasonOf(view, { ...line, matches });
  const bankLine = { ...line, left: back.amount, matches, parkedBecause, status: 'parked' } as const;
  return { kind: 'decided', events: [{ type: 'BankReturnCanceled', data: { ...facts, bankLine } }] };
}

/** Why it is parked again: it waits for the rest of no payment any more. */
function reasonOf(view: AnyView, { matches, reference }: BankLineFacts): ParkedReason {
  if (matches.length > 0) return 'surplus';
  if (reference === null) return 'no_match';
  return referredPayment(view, reference) === undefined ? 'unknown_reference' : 'not_waiting';
}
