import { refused } from '@fintech-ledger/contract';
import type { DecideContext } from '@fintech-ledger/ledger/domain';
import {
  booked,
  paymentNotFound,
  paymentOf,
  paymentUnexpectedState,
  payoutNotFound,
  payoutOf,
  refundNotFound,
  refundOf,
  returnLines,
  showPayment,
} from '@fintech-ledger/payments/domain';
import {
  matched,
  ofPayment,
  ofPayout,
  ofRefund,
  ofReturnedPayout,
  transferredPayout,
  transferredRefund,
  waitsForLine,
} from './apply-line';
import type { EraseBankLine, MatchBankLine, ReturnBankLine } from './commands';
import type { DecisionOf } from './decision';
import { Draft } from './draft';
import type { AnyView } from './draft';
import type { BankLineFacts } from './facts';
import { bankLineOf } from './records';
import {
  bankLineMismatch,
  bankLineNotFound,
  bankLineNotReturnable,
  bankLineUnexpectedState,
} from './refusals';
import { showBankLine } from './show';

const noLine = (id: string) => refused(bankLineNotFound, `There is no line ${id}.`);

/** Nothing is left of it. */
function spent(line: BankLineFacts) {
  const why = `Line ${line.id} is ${line.status}: nothing of it is left.`;
  const { refusal } = refused(bankLineUnexpectedState, why);
  return {
    kind: 'refused',
    refusal: { ...refusal, objects: { bank_statement_line: showBankLine(line) } },
  } as const;
}

export function matchBankLine(
  view: AnyView,
  { lineId, object }: MatchBankLine,
  context: DecideContext,
): DecisionOf<'MatchBankLine'> {
  const line = bankLineOf(view, lineId);
  if (line === undefined) return noLine(lineId);
  if (line.status !== 'parked') return spent(line);
  if (object.startsWith('re_')) return matchRefund(view, line, object, context);
  if (object.startsWith('po_')) return matchPayout(view, line, object, context);
  return matchPayment(view, line, object, context);
}

function matchPayment(
  view: AnyView,
  line: BankLineFacts,
  id: string,
  context: DecideContext,
): DecisionOf<'MatchBankLine'> {
  const payment = paymentOf(view, id);
  if (payment === undefined) return refused(paymentNotFound, `There is no payment ${id}.`, '/payment');
  if (line.direction !== 'credit' || line.currency !== payment.currency) {
    const why = `A ${line.direction} in ${line.currency} pays nothing in ${payment.currency}.`;
    return refused(bankLineMismatch, why, '/payment');
  }
  if (!waitsForLine(payment, line)) {
    const why = `Payment ${id} is ${payment.status}, and waits for no transfer.`;
    const { refusal } = refused(paymentUnexpectedState, why, '/payment');
    return { kind: 'refused', refusal: { ...refusal, objects: { payment: showPayment(payment) } } };
  }
  const draft = new Draft(view, context);
  const applied = ofPayment(draft, line, payment);
  draft.add({ type: 'BankLineMatched', data: { bankLine: applied.line, leaves: line.payment } });
  applied.then();
  return { kind: 'decided', events: draft.events };
}

function matchRefund(
  view: AnyView,
  line: BankLineFacts,
  id: string,
  context: DecideContext,
): DecisionOf<'MatchBankLine'> {
  if (refundOf(view, id) === undefined)
    return refused(refundNotFound, `There is no refund ${id}.`, '/refund');
  const draft = new Draft(view, context);
  const refund = line.direction === 'debit' ? transferredRefund(draft, id, line, 'pending') : undefined;
  if (refund === undefined) {
    const why = `Refund ${id} is not pending, or ${line.amount} ${line.currency} that left are not what it is of.`;
    return refused(bankLineMismatch, why, '/refund');
  }
  const applied = ofRefund(draft, line, refund);
  draft.add({ type: 'BankLineMatched', data: { bankLine: applied.line, leaves: line.payment } });
  applied.then();
  return { kind: 'decided', events: draft.events };
}

function matchPayout(
  view: AnyView,
  line: BankLineFacts,
  id: string,
  context: DecideContext,
): DecisionOf<'MatchBankLine'> {
  if (payoutOf(view, id) === undefined)
    return refused(payoutNotFound, `There is no payout ${id}.`, '/payout');
  const draft = new Draft(view, context);
  const isDebit = line.direction === 'debit';
  const payout = transferredPayout(draft, id, line, isDebit ? 'in_transit' : 'paid');
  if (payout === undefined) {
    const why =
      `Payout ${id} is not in transit by bank, or, if money came, not paid, or ${line.amount} ${line.currency} ` +
      'are not what it is of.';
    return refused(bankLineMismatch, why, '/payout');
  }
  const applied = isDebit ? ofPayout(draft, line, payout) : ofReturnedPayout(draft, line, payout);
  draft.add({ type: 'BankLineMatched', data: { bankLine: applied.line, leaves: line.payment } });
  applied.then();
  return { kind: 'decided', events: draft.events };
}

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

export function eraseBankLine(view: AnyView, { lineId }: EraseBankLine): DecisionOf<'EraseBankLine'> {
  const line = bankLineOf(view, lineId);
  if (line === undefined) return noLine(lineId);
  const nobody = { endToEndId: null, partyIban: null, partyName: null, remittance: null };
  const event = {
    type: 'BankLineErased',
    data: { bankLine: { ...line, ...nobody }, erasedSubject: line.subject },
  } as const;
  return { kind: 'decided', events: [event] };
}
