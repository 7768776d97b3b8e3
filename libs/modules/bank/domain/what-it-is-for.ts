import { refused } from '@fintech-ledger/contract';
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
import type { DecisionOf } from './decision';
import type { Draft } from './draft';
import type { BankLineFacts } from './facts';
import { bankLineMismatch } from './refusals';

export type Refused = Extract<DecisionOf<'MatchBankLine'>, { readonly kind: 'refused' }>;
export const isRefused = <T extends object>(judged: T | Refused): judged is Refused =>
  'kind' in judged && judged.kind === 'refused';

/** The member of a request that names an object alone. */
export function paramOf(id: string): string {
  if (id.startsWith('re_')) return '/refund';
  if (id.startsWith('po_')) return '/payout';
  return id.startsWith('bsl_') ? '/bank_statement_line' : '/payment';
}

/** What a person says that a line is for. @param param what of the request says so */
export function whatItIsFor(
  draft: Draft,
  line: BankLineFacts,
  object: string,
  param: string,
): Applied | Refused {
  if (object.startsWith('re_')) return ofSaidRefund(draft, line, object, param);
  if (object.startsWith('po_')) return ofSaidPayout(draft, line, object, param);
  if (object.startsWith('bsl_')) return ofSaidReturn(draft, line, object, param);
  return ofSaidPayment(draft, line, object, param);
}

function ofSaidPayment(draft: Draft, line: BankLineFacts, id: string, param: string): Applied | Refused {
  const payment = paymentOf(draft.view, id);
  if (payment === undefined) return refused(paymentNotFound, `There is no payment ${id}.`, param);
  if (line.direction !== 'credit' || line.currency !== payment.currency) {
    const why = `A ${line.direction} in ${line.currency} pays nothing in ${payment.currency}.`;
    return refused(bankLineMismatch, why, param);
  }
  if (waitsForLine(payment, line)) return ofPayment(draft, line, payment);
  const why = `Payment ${id} is ${payment.status}, and waits for no transfer.`;
  const { refusal } = refused(paymentUnexpectedState, why, param);
  return { kind: 'refused', refusal: { ...refusal, objects: { payment: showPayment(payment) } } };
}

function ofSaidRefund(draft: Draft, line: BankLineFacts, id: string, param: string): Applied | Refused {
  if (refundOf(draft.view, id) === undefined)
    return refused(refundNotFound, `There is no refund ${id}.`, param);
  const isDebit = line.direction === 'debit';
  const refund = transferredRefund(draft, id, line, isDebit ? 'pending' : 'succeeded');
  if (refund !== undefined) return (isDebit ? ofRefund : ofReturnedRefund)(draft, line, refund);
  const late = isDebit ? transferredRefund(draft, id, line, 'failed') : undefined;
  if (late !== undefined && refundable(late.payment) >= BigInt(line.left))
    return ofLateRefund(draft, line, late);
  const why =
    late === undefined
      ? `Refund ${id} is neither pending nor failed by bank, or, if money came, not succeeded, or ${line.left} ` +
        `${line.currency} are not what it is of.`
      : `Refund ${id} failed, and of payment ${late.payment.id} was refunded or disputed so much since that ` +
        `${line.left} ${line.currency} are not left of it.`;
  return refused(bankLineMismatch, why, param);
}

function ofSaidPayout(draft: Draft, line: BankLineFacts, id: string, param: string): Applied | Refused {
  if (payoutOf(draft.view, id) === undefined)
    return refused(payoutNotFound, `There is no payout ${id}.`, param);
  const isDebit = line.direction === 'debit';
  const payout = transferredPayout(draft, id, line, isDebit ? 'in_transit' : 'paid');
  if (payout !== undefined) return (isDebit ? ofPayout : ofReturnedPayout)(draft, line, payout);
  const late = isDebit ? transferredPayout(draft, id, line, 'failed') : undefined;
  if (late !== undefined) return ofLatePayout(draft, line, late);
  const why =
    `Payout ${id} is neither in transit nor failed by bank, or, if money came, not paid, or ${line.left} ` +
    `${line.currency} are not what it is of.`;
  return refused(bankLineMismatch, why, param);
}

/** What left is the money of a line that was to go back. */
function ofSaidReturn(draft: Draft, line: BankLineFacts, id: string, param: string): Applied | Refused {
  const returned = line.direction === 'debit' ? returnedLine(draft, id, line) : undefined;
  if (returned !== undefined) return ofReturn(draft, line, returned);
  const why =
    `Line ${id} is not to go back, or has gone, or ${line.left} ${line.currency} that left are not what was ` +
    'to go back of it.';
  return refused(bankLineMismatch, why, param);
}
