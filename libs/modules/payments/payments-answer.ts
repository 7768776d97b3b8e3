import { streamOwner } from '@fintech-ledger/envelope';
import type { AnswerRequest } from '@fintech-ledger/journal';
import {
  isFeeAdjustment,
  showDispute,
  showFeeAdjustments,
  showPayment,
  showPayout,
  showPayoutSchedule,
  showRefund,
  showSplit,
  showTransfer,
} from '@fintech-ledger/payments/domain';
import type { PaymentCommand, PaymentEvent } from '@fintech-ledger/payments/domain';

/** Where an object stands that a command is answered with. */
export const positionOf = ({
  stream,
  revision,
}: Pick<AnswerRequest<PaymentCommand, PaymentEvent>, 'stream' | 'revision'>): {
  readonly position: string;
} => ({
  position: `${streamOwner(stream)}@${revision}`,
});

/** The refund of a command that makes one, else the payment, as the last event left it. */
export function paymentsAnswer(request: AnswerRequest<PaymentCommand, PaymentEvent>): string {
  const { command, events, dryRun } = request;
  const at = { ...positionOf(request), ...(dryRun && { dry_run: true }) };
  const data = events.at(-1)?.data;
  if (data !== undefined && 'payout' in data) return JSON.stringify({ ...showPayout(data.payout), ...at });
  if (data !== undefined && 'schedule' in data)
    return JSON.stringify({ ...showPayoutSchedule(data.schedule), ...at });
  if (data !== undefined && 'transfer' in data && command.type.endsWith('Transfer'))
    return JSON.stringify({ ...showTransfer(data.transfer), ...at });
  if (data !== undefined && 'split' in data && command.type.endsWith('Split'))
    return JSON.stringify({ ...showSplit(data.split), ...at });
  if (data !== undefined && 'feeComparison' in data) {
    const adjusted = events.filter(isFeeAdjustment).map((event) => event.data);
    return JSON.stringify({ ...showFeeAdjustments(data.feeComparison, adjusted), ...at });
  }
  if (data !== undefined && 'dispute' in data) return JSON.stringify({ ...showDispute(data.dispute), ...at });
  if (data === undefined || !('payment' in data)) return JSON.stringify(at);
  const { type } = command;
  const isOfRefund = type === 'CreateRefund' || (type === 'ResolveRailCall' && 'refundId' in command);
  const isRefund = isOfRefund && 'refund' in data;
  if (isRefund) return JSON.stringify({ ...showRefund(data.refund), ...at });
  // What is tried out makes no attempt.
  const makesAttempt = type === 'CreatePayment' || type === 'ConfirmPayment';
  if (dryRun && makesAttempt)
    return JSON.stringify({ ...showPayment(data.payment), latest_attempt: null, ...at });
  // Not a copy with more members: V8 takes microseconds for that, and it is the answer of every payment.
  return `${JSON.stringify(showPayment(data.payment)).slice(0, -1)},${JSON.stringify(at).slice(1)}`;
}
