import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import type { PaymentCommand } from './commands';
import { cancelPayment } from './cancel-payment';
import { capturePayment } from './capture-payment';
import { decideDue } from './decide-due';
import { recordOutcome, recordPayerAction } from './decide-outcome';
import { confirmPayment, createPayment, updatePayment } from './decide-payment';
import { cancelPayout, recordPayoutOutcome, resolvePayout, updatePayout } from './decide-payout';
import { createPayout } from './make-payout';
import { createRefund } from './decide-refund';
import { resolveRailCall } from './decide-resolution';
import { decideDisputes, isDisputeCommand } from './disputes/decide-disputes';
import { adjustFees } from './fee-adjustments/adjust-fee';
import { recordFeeReport } from './fee-adjustments/fee-reports';
import { decideSplit, isSplitCommand } from './splits/decide-split';
import { createTransfer, reverseTransfer, updateTransfer } from './transfers/decide-transfer';
import type { DecisionOf } from './decision';
import { setPayoutSchedule } from './schedules/decide-schedule';
import type { PaymentsView } from './records';

/** What a command does to payments: its events, or why not. Pure; the view is not changed. */
export function decidePayments(
  view: PaymentsView & SharedView,
  command: PaymentCommand,
  context: DecideContext,
): DecisionOf<PaymentCommand['type']> {
  if (isSplitCommand(command)) return decideSplit(view, command, context);
  if (isDisputeCommand(command)) return decideDisputes(view, command, context);
  if (command.type === 'SetPayoutSchedule') return setPayoutSchedule(view, command, context);
  if (command.type === 'ActOnPayments') return decideDue(view, command, context);
  if (command.type === 'AdjustFees') return adjustFees(view, command, context);
  if (command.type === 'RecordFeeReport') return recordFeeReport(view, command, context);
  switch (command.type) {
    case 'CreatePayment':
      return createPayment(view, command, context);
    case 'UpdatePayment':
      return updatePayment(view, command);
    case 'ConfirmPayment':
      return confirmPayment(view, command, context);
    case 'CapturePayment':
      return capturePayment(view, command, context);
    case 'CancelPayment':
      return cancelPayment(view, command, context);
    case 'CreateRefund':
      return createRefund(view, command, context);
    case 'RecordRailOutcome':
      return recordOutcome(view, command, context);
    case 'RecordPayerAction':
      return recordPayerAction(view, command, context);
    case 'ResolveRailCall':
      return resolveRailCall(view, command, context);
    case 'CreatePayout':
      return createPayout(view, command, context);
    case 'UpdatePayout':
      return updatePayout(view, command);
    case 'CancelPayout':
      return cancelPayout(view, command, context);
    case 'ResolvePayout':
      return resolvePayout(view, command, context);
    case 'RecordPayoutOutcome':
      return recordPayoutOutcome(view, command, context);
    case 'CreateTransfer':
      return createTransfer(view, command, context);
    case 'UpdateTransfer':
      return updateTransfer(view, command);
    case 'ReverseTransfer':
      return reverseTransfer(view, command, context);
  }
}
