import { refused } from '@fintech-ledger/contract';
import type { DecideContext } from '@fintech-ledger/ledger/domain';
import { withFeeOf } from './capture-fee';
import { captureRefusal } from './charges/decide-charge';
import type { CapturePayment } from './commands';
import { decided, idlePayment, unexpectedState } from './decision';
import type { DecisionOf } from './decision';
import { newCall } from './rail-calls';
import type { PaymentsView } from './records';
import { captureExceedsAuthorized } from './refusals';
import { shortRefusal } from './splits/plan-split';

export function capturePayment(
  view: PaymentsView,
  command: CapturePayment,
  context: DecideContext,
): DecisionOf<'CapturePayment'> {
  const found = idlePayment(view, command);
  if ('refusal' in found) return found.refusal;
  const { payment } = found;
  const { amountCapturable, attempt, expiresAt, id, status } = payment;
  if (status !== 'requires_capture' || attempt === null)
    return unexpectedState(payment, `Payment ${id} is ${status}: there is nothing to capture.`);
  if (expiresAt !== null && expiresAt <= context.now)
    return unexpectedState(payment, `The authorization of payment ${id} ended at ${expiresAt}.`);
  const { amountToCapture: amount = amountCapturable } = command;
  if (BigInt(amount) > BigInt(amountCapturable)) {
    const why = `${amountCapturable} of payment ${id} is authorized, ${amount} is to be captured.`;
    const more = { amount_capturable: amountCapturable };
    return refused(captureExceedsAuthorized, why, '/amount_to_capture', more);
  }
  const charge = withFeeOf(payment, command);
  const noShare =
    captureRefusal(charge, amount, command.applicationFeeAmount !== undefined) ??
    shortRefusal(payment.splitParties, amount, '/amount_to_capture');
  if (noShare !== undefined) return noShare;
  const key = context.newId('capture', 0);
  const call = newCall({ amount, key, kind: 'capture', offSession: false }, context.now);
  return decided({ type: 'PaymentCaptureRequested', data: { payment: { ...charge, call } } });
}
