import { refused } from '@fintech-ledger/contract';
import type { DecideContext } from '@fintech-ledger/ledger/domain';
import {
  paymentNotFound,
  paymentOf,
  paymentUnexpectedState,
  payoutNotFound,
  payoutOf,
  refundable,
  refundNotFound,
  refundOf,
  showPayment,
} from '@fintech-ledger/payments/domain';
import {
  ofLatePayout,
  ofLateRefund,
  ofPayment,
  ofPayout,
  ofRefund,
  ofReturn,
  ofReturnedPayout,
  ofReturnedRefund,
  returnedLine,
  transferredPayout,
  transferredRefund,
  waitsForLine,
} from './apply-line';
import type { Applied } from './apply-line';
import type { EraseBankLine, MatchBankLine } from './commands';
import type { DecisionOf } from './decision';
import { Draft } from './draft';
import type { AnyView } from './draft';
import type { BankLineFacts } from './facts';
import { bankLineOf } from './records';
import { noLine, spent } from './line-refusals';
import { bankLineMismatch } from './refusals';

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
  if (object.startsWith('bsl_')) return matchReturn(view, line, object, context);
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
  return matchedTo(draft, line, ofPayment(draft, line, payment));
}

function matchedTo(draft: Draft, line: BankLineFacts, applied: Applied): DecisionOf<'MatchBankLine'> {
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
  const isDebit = line.direction === 'debit';
  const refund = transferredRefund(draft, id, line, isDebit ? 'pending' : 'succeeded');
  if (refund !== undefined)
    return matchedTo(draft, line, (isDebit ? ofRefund : ofReturnedRefund)(draft, line, refund));
  const late = isDebit ? transferredRefund(draft, id, line, 'failed') : undefined;
  if (late !== undefined && refundable(late.payment) >= BigInt(line.left))
    return matchedTo(draft, line, ofLateRefund(draft, line, late));
  const why =
    late === undefined
      ? `Refund ${id} is neither pending nor failed by bank, or, if money came, not succeeded, or ${line.amount} ` +
        `${line.currency} are not what it is of.`
      : `Refund ${id} failed, and of payment ${late.payment.id} was refunded or disputed so much since that ` +
        `${line.amount} ${line.currency} are not left of it.`;
  return refused(bankLineMismatch, why, '/refund');
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
  if (payout !== undefined)
    return matchedTo(draft, line, (isDebit ? ofPayout : ofReturnedPayout)(draft, line, payout));
  const late = isDebit ? transferredPayout(draft, id, line, 'failed') : undefined;
  if (late !== undefined) return matchedTo(draft, line, ofLatePayout(draft, line, late));
  const why =
    `Payout ${id} is neither in transit nor failed by bank, or, if money came, not paid, or ${line.amount} ` +
    `${line.currency} are not what it is of.`;
  return refused(bankLineMismatch, why, '/payout');
}

/** What left is the money of a line that was to go back. */
function matchReturn(
  view: AnyView,
  line: BankLineFacts,
  id: string,
  context: DecideContext,
): DecisionOf<'MatchBankLine'> {
  const draft = new Draft(view, context);
  const returned = line.direction === 'debit' ? returnedLine(draft, id, line) : undefined;
  if (returned !== undefined) return matchedTo(draft, line, ofReturn(draft, line, returned));
  const why =
    `Line ${id} is not to go back, or has gone, or ${line.amount} ${line.currency} that left are not what was ` +
    'to go back of it.';
  return refused(bankLineMismatch, why, '/bank_statement_line');
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
