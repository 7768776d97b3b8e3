import { isAwaitingTransfer } from './bank-transfers';
import { payoutDueAt } from './decide-payout';
import { disputeDueAt, questionDueAt } from './disputes/record-dispute';
import type { PaymentFacts, RailCall } from './facts';
import { feeReportDueAt } from './fee-adjustments/fee-reports';
import { isOpen } from './rail-calls';
import type { PaymentsRecord, SettlementRecord } from './records';

/** When something has to be done about a record without a command. */
export function dueAtOf(record: PaymentsRecord): string | undefined {
  switch (record.kind) {
    case 'payment':
      return askAtOf(record.payment.call) ?? expiryOf(record.payment);
    case 'refund':
      return askAtOf(record.refund.call);
    case 'settlement':
      return isOver(record) ? undefined : record.availableOn;
    case 'payout':
      return payoutDueAt(record.payout);
    case 'dispute':
      return disputeDueAt(record.dispute);
    case 'disputeQuestion':
      return questionDueAt(record.question);
    case 'accountSettlement':
      return record.amount === '0' && record.isOpen !== true ? undefined : record.availableOn;
    case 'reserve':
      return record.amount === '0' ? undefined : record.releaseOn;
    case 'payoutSchedule':
      return record.schedule.nextAt ?? undefined;
    case 'feeReport':
      return feeReportDueAt(record);
    case 'netting':
    case 'feeAdjustment':
    case 'owner':
    case 'transfer':
    case 'account_disputes':
    case 'creditor_reference':
    case 'payout_batches':
    case 'split':
    case 'youngMoney':
      return undefined;
  }
}

export const isOver = ({ isClosed = false, isSettled }: SettlementRecord): boolean => isSettled || isClosed;
const askAtOf = (call: RailCall | null): string | undefined => (isOpen(call) ? call.askAt : undefined);
/** When it ends without a command; undefined: never. */
export const expiryOf = (payment: PaymentFacts): string | undefined =>
  payment.status === 'requires_capture' || isAwaitingTransfer(payment)
    ? (payment.expiresAt ?? undefined)
    : undefined;
