import type { SharedView } from '@fintech-ledger/ledger/domain';
import { readsOfLines } from '@fintech-ledger/ledger/domain';
import { accountReads } from './account-reads';
import { bankAccountsKey } from './bank-transfers';
import { bankTransferRail, platformOwner } from './chart';
import { newPartyReads, ownerOf, partiesOf, partyReads } from './charges/charge';
import { payoutReads } from './payout-reads';
import type {
  ConfirmPayment,
  PaymentCommand,
  RecordRailOutcome,
  ResolveRailCall,
  UpdatePayment,
} from './commands';
import { disputeAccounts } from './disputes/dispute-bookings';
import { releaseReads, reserveReads } from './reserves/decide-reserve';
import { scheduleReads } from './schedules/decide-schedule';
import { withYoung } from './schedules/young-reads';
import { adjustFeesReads } from './fee-adjustments/adjust-fee';
import { recordFeeReportReads } from './fee-adjustments/fee-reports';
import { reportReads } from './fee-adjustments/reported-days';
import { isSplitCommand } from './splits/decide-split';
import { newestRevision } from './splits/plan-split';
import type { SplitCommand } from './splits/split-commands';
import { planReads, splitReads } from './splits/split-reads';
import { accountSettlementReads, transferReads } from './transfers/transfer-reads';
import type { RailOutcome } from './rail-calls';
import { nettingKey, paymentKey, paymentOf, referenceKey, refundKey } from './records';
import { payoutKey, payoutOf, recordKeys, refundOf, settlementKey, settlementOf } from './records';
import { payoutScheduleKey, scheduleRecordOf } from './records';
import { reserveOf } from './records';
import { accountDisputesKey, accountSettlementOf, disputeKey, disputeOf } from './records';
import { disputeQuestionKey, disputeQuestionOf, splitOf } from './records';
import { payerReads } from './payers';
import type { PaymentsView } from './records';

/** Keys of the records that deciding a command reads, as far as the view tells. */
export function readsOfPayments(command: PaymentCommand, view: PaymentsView & SharedView): readonly string[] {
  return withYoung(reportReads(ownReads(command, view)));
}

function ownReads(command: PaymentCommand, view: PaymentsView & SharedView): readonly string[] {
  if (isSplitCommand(command)) return [...splitReads(command, view), ...sharesReads(view, command)];
  switch (command.type) {
    case 'CreatePayment':
      return [
        ...payeeReads(command.rail),
        ...payerReads(view, [command.customer], [command.paymentMethod]),
        ...newPartyReads(command),
        ...planReads(view, { splitRule: command.splitRule, parties: command.splits }, newestRevision),
      ];
    case 'UpdatePayment':
    case 'ConfirmPayment':
      return payingReads(view, command);
    case 'CapturePayment':
    case 'CancelPayment':
      return [paymentKey(command.paymentId), ...partyReads(paymentOf(view, command.paymentId))];
    case 'CreateRefund':
      return bookingReads(view, command.paymentId);
    case 'RecordRailOutcome':
      return outcomeReads(view, command);
    case 'RecordPayerAction':
      return bookingReads(view, command.paymentId, availableOn(command.outcome));
    case 'ResolveRailCall':
      return resolvedReads(view, command);
    case 'CreatePayout':
      return payoutReads({ currency: command.currency, ...partyIn(command.actsAs) });
    case 'SetPayoutSchedule':
      return [payoutScheduleKey(platformOwner)];
    case 'UpdatePayout':
      return [payoutKey(command.payoutId)];
    case 'CancelPayout':
    case 'ResolvePayout':
    case 'RecordPayoutOutcome': {
      const id = command.type === 'RecordPayoutOutcome' ? command.payout : command.payoutId;
      const payout = payoutOf(view, id);
      return [payoutKey(id), ...(payout === undefined ? [] : payoutReads(payout))];
    }
    case 'UpdateDispute':
    case 'GiveEvidence':
    case 'EraseDisputeEvidence':
    case 'ExpectDisputeDecision':
      return [disputeKey(command.disputeId)];
    case 'AcceptDispute':
    case 'ResolveDispute':
    case 'RecordDisputeResponse':
      return disputeReads(view, 'dispute' in command ? command.dispute : command.disputeId);
    case 'RecordDispute':
      return newDisputeReads(view, command.payment);
    case 'AdjustFees':
      return adjustFeesReads(view, command);
    case 'RecordFeeReport':
      return recordFeeReportReads(view, command);
    case 'CreateTransfer':
    case 'UpdateTransfer':
    case 'ReverseTransfer':
      return transferReads(command, view);
    case 'ActOnPayments':
      return command.keys.flatMap((key) => [key, ...dueReads(view, key)]);
  }
}

/** The payment, who pays, and what it may be paid to. */
function payingReads(view: PaymentsView, command: UpdatePayment | ConfirmPayment): readonly string[] {
  const payment = paymentOf(view, command.paymentId);
  const asked = command.type === 'UpdatePayment' ? command.customer : undefined;
  const methods = [command.paymentMethod, payment?.paymentMethod];
  return [
    ...[paymentKey(command.paymentId), ...payeeReads(payment?.rail)],
    ...payerReads(view, [asked, payment?.customer], methods),
    ...partyReads(payment),
  ];
}

function outcomeReads(view: PaymentsView, command: RecordRailOutcome): readonly string[] {
  const { outcome, payment, refund } = command;
  const ofRefund = refund === null ? [] : [refundKey(refund)];
  const isTransfer = outcome.kind === 'requires_transfer';
  const ofBank = isTransfer ? [bankAccountsKey, referenceKey(outcome.railReference)] : [];
  return [...ofRefund, ...ofBank, ...bookingReads(view, payment, availableOn(outcome))];
}

/** The bank accounts, where a transfer is to come to one of them. */
const payeeReads = (rail: string | null | undefined): readonly string[] =>
  rail === bankTransferRail ? [bankAccountsKey] : [];

function resolvedReads(view: PaymentsView, command: ResolveRailCall): readonly string[] {
  if (!('refundId' in command)) return bookingReads(view, command.paymentId, availableOn(command.outcome));
  const { refundId } = command;
  const refund = refundOf(view, refundId);
  return [refundKey(refundId), ...(refund === undefined ? [] : bookingReads(view, refund.payment))];
}
const availableOn = (outcome: RailOutcome | null): string | null =>
  outcome?.kind === 'captured' ? outcome.availableOn : null;

/**
 * The payment, and what booking of it reads.
 * @param on when it becomes available, where the payment does not say it yet
 */
export const bookingReads = (view: PaymentsView, id: string, on: string | null = null): readonly string[] =>
  withYoung(reportReads(ownBookingReads(view, id, on)));

function ownBookingReads(view: PaymentsView, id: string, on: string | null): readonly string[] {
  const payment = paymentOf(view, id);
  const attempt = payment?.attempt ?? null;
  if (payment === undefined || attempt === null) return [paymentKey(id)];
  const { currency } = payment;
  const at = on ?? payment.availableOn;
  const settlement = at === null ? [] : [settlementKey(attempt.rail, currency, at)];
  return [
    paymentKey(id),
    ...settlement,
    nettingKey(attempt.rail, currency),
    ...accountReads(attempt.rail, currency),
    ...partyReads(payment, on),
    ...reserveReads(view, partiesOf(payment), currency, at),
  ];
}

/** What is asked of a payment, and what a dispute of it books on. */
function newDisputeReads(view: PaymentsView, payment: string): readonly string[] {
  const question = disputeQuestionOf(view, payment);
  const owner = ownerOf(paymentOf(view, payment) ?? {});
  const accounts = question ? disputeAccounts(question.rail, question.currency, owner) : [];
  const keys = question ? [nettingKey(question.rail, question.currency), ...readsOfLines(accounts)] : [];
  return [disputeQuestionKey(payment), paymentKey(payment), ...disputesOf(owner), ...keys];
}

/** What taking back shares of a split reads. */
function sharesReads(view: PaymentsView, command: SplitCommand): readonly string[] {
  const split = command.type === 'ReverseSplit' ? splitOf(view, command.splitId) : undefined;
  return split === undefined ? [] : bookingReads(view, split.payment);
}

/** The dispute, its payment, and what booking of it reads. */
function disputeReads(view: PaymentsView, id: string): readonly string[] {
  const dispute = disputeOf(view, id);
  if (dispute === undefined) return [disputeKey(id)];
  const { currency, payment, rail } = dispute;
  const keys = [disputeKey(id), paymentKey(payment), nettingKey(rail, currency)];
  const owner = ownerOf(paymentOf(view, payment) ?? {});
  // The parties have their shares again when it is won.
  const ofShares = paymentOf(view, payment)?.split === undefined ? [] : bookingReads(view, payment);
  return [
    ...keys,
    ...disputesOf(owner),
    ...readsOfLines(disputeAccounts(rail, currency, owner)),
    ...ofShares,
  ];
}
const disputesOf = (owner: string): readonly string[] =>
  owner === platformOwner ? [] : [accountDisputesKey(owner)];

function dueReads(view: PaymentsView & SharedView, key: string): readonly string[] {
  const refund = key.startsWith(recordKeys.refund)
    ? refundOf(view, key.slice(recordKeys.refund.length))
    : undefined;
  if (refund !== undefined)
    return [paymentKey(refund.payment), ...partyReads(paymentOf(view, refund.payment))];
  if (key.startsWith(recordKeys.payment))
    return partyReads(paymentOf(view, key.slice(recordKeys.payment.length)));
  if (key.startsWith(recordKeys.payout)) {
    const payout = payoutOf(view, key.slice(recordKeys.payout.length));
    return payout === undefined ? [] : payoutReads(payout);
  }
  if (key.startsWith(recordKeys.dispute)) return disputeReads(view, key.slice(recordKeys.dispute.length));
  if (key.startsWith(recordKeys.disputeQuestion)) {
    const question = disputeQuestionOf(view, key.slice(recordKeys.disputeQuestion.length));
    return question === undefined ? [] : [nettingKey(question.rail, question.currency)];
  }
  if (key.startsWith(recordKeys.payoutSchedule)) {
    const record = scheduleRecordOf(view, key.slice(recordKeys.payoutSchedule.length));
    return record === undefined ? [] : scheduleReads(view, record);
  }
  const ofAccount = accountSettlementOf(view, key);
  if (ofAccount !== undefined) {
    const { account, availableOn: on, currency } = ofAccount;
    return [...accountSettlementReads(ofAccount), ...reserveReads(view, [account], currency, on)];
  }
  const reserve = reserveOf(view, key);
  if (reserve !== undefined) return releaseReads(reserve);
  const settlement = settlementOf(view, key);
  if (settlement === undefined) return [];
  const { rail, currency } = settlement;
  return [nettingKey(rail, currency), ...accountReads(rail, currency)];
}

const partyIn = (connectedAccount: string | undefined) =>
  connectedAccount === undefined ? {} : { connectedAccount };
