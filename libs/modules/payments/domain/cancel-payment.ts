import type { DecideContext } from '@fintech-ledger/ledger/domain';
import { isAwaitingTransfer } from './bank-transfers';
import type { CancelPayment } from './commands';
import { isConfirmable } from './decide-payment';
import { decided, idlePayment, unexpectedState } from './decision';
import type { DecisionOf } from './decision';
import type { PaymentFacts } from './facts';
import { newCall } from './rail-calls';
import type { PaymentsView } from './records';

export function cancelPayment(
  view: PaymentsView,
  command: CancelPayment,
  context: DecideContext,
): DecisionOf<'CancelPayment'> {
  const found = idlePayment(view, command);
  if ('refusal' in found) return found.refusal;
  const { payment } = found;
  if (!payment.status.startsWith('requires_'))
    return unexpectedState(payment, `Payment ${payment.id} is ${payment.status}: it can't be canceled.`);
  return decided(cancellation(payment, command.cancellationReason, context));
}

/**
 * A payment that its rail has begun is canceled there first.
 * @param index of the event in its decision, where nobody waits for it
 */
export function cancellation(
  payment: PaymentFacts,
  reason: string | null,
  { now, newId }: DecideContext,
  index?: number,
) {
  const { attempt, status } = payment;
  const isTransfer = isAwaitingTransfer(payment);
  if (attempt === null || isConfirmable(status) || isTransfer) {
    const ends = {
      canceledAt: now,
      cancellationReason: reason,
      offSession: undefined,
      status: 'canceled',
    } as const;
    // Nobody has to be told that a transfer is not waited for any more.
    const over = isTransfer
      ? { attempt: attempt && { ...attempt, status: 'canceled' as const }, expiresAt: null, nextAction: null }
      : {};
    return { type: 'PaymentCanceled', data: { payment: { ...payment, ...over, ...ends } } } as const;
  }
  const key = newId('void', index ?? 0);
  const state = index === undefined ? 'awaited' : 'open';
  const call = newCall({ amount: null, key, kind: 'void', offSession: false, state }, now);
  return {
    type: 'PaymentCancelRequested',
    data: { payment: { ...payment, call, cancellationReason: reason } },
  } as const;
}
