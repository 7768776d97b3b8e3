import { isBankCharge } from './bank-charges/bank-charge-events';
import { linesOfBankCharge } from './bank-charges/bank-charges';
import { lineIdOf } from './balance-line';
import type { BalanceLine } from './balance-line';
import { ownerOf } from './charges/charge';
import {
  hasPending,
  linesOfCharge,
  linesOfGivenBack,
  paymentLine,
  settlementOfLine,
} from './charges/charge-lines';
import { platformOwner } from './chart';
import { isDisputeEvent } from './disputes/dispute-events';
import type { DisputeEvent } from './disputes/dispute-events';
import type { PaymentEvent } from './events';
import type { PaymentFacts } from './facts';
import { ownerOfPayout } from './payout-facts';
import { isFeeAdjustment, isFeeComparison, isFeeReport } from './fee-adjustments/fee-adjustment-events';
import { linesOfFeeAdjustment } from './fee-adjustments/fee-adjustment-lines';
import { isReserveEvent } from './reserves/reserve-events';
import { linesOfReserve } from './reserves/reserve-lines';
import { isScheduleEvent } from './schedules/schedule-events';
import { isSplitEvent } from './splits/split-events';
import type { SplitMoneyEvent } from './splits/split-events';
import { linesOfReversal, linesOfShares, linesOfSplit } from './splits/split-lines';
import { isTransferEvent } from './transfers/transfer-events';
import { linesOfTransfer } from './transfers/transfer-lines';

/* What each event does to a balance, as its owner reads it: one line for each thing that happened. */

/** Pure: of the event alone, and for ever the same. */
export function balanceLinesOf(event: PaymentEvent): readonly BalanceLine[] {
  if (isDisputeEvent(event)) return linesOfDispute(event);
  if (isTransferEvent(event)) return linesOfTransfer(event);
  if (isSplitEvent(event)) return linesOfSplits(event);
  if (isScheduleEvent(event) || isFeeComparison(event) || isFeeReport(event)) return [];
  if (isReserveEvent(event)) return linesOfReserve(event);
  if (isFeeAdjustment(event)) return linesOfFeeAdjustment(event);
  if (isBankCharge(event)) return linesOfBankCharge(event);
  switch (event.type) {
    case 'PaymentCaptured':
    case 'DestinationPaymentCaptured': {
      const { data } = event;
      const { payment, transaction } = data;
      return [
        lineOfCapture(payment, transaction, paymentLine(data)),
        ...linesOfCharge(data, 'transfer' in data ? data.transfer : undefined),
      ];
    }
    case 'RefundCreated':
    case 'ReversingRefundCreated': {
      const { data } = event;
      return [ofRefund('refund', data, data.refund.fromPending !== '0'), ...linesOfGivenBack(data)];
    }
    case 'RefundFailed':
    case 'ReversingRefundFailed':
      return [ofFailedRefund(event.data), ...linesOfGivenBack(event.data)];
    case 'PayoutCreated':
      return [ofPayout('payout', event.data)];
    case 'PayoutFailed':
      return [ofPayout('payout_failure', event.data)];
    case 'PayoutCanceled':
      return [ofPayout('payout_cancel', event.data)];
    case 'PaymentCreated':
    case 'PaymentUpdated':
    case 'PaymentConfirmed':
    case 'PaymentActionRequired':
    case 'PaymentProcessing':
    case 'PaymentAuthorized':
    case 'PaymentCaptureRequested':
    case 'PaymentDeclined':
    case 'PaymentCancelRequested':
    case 'PaymentCanceled':
    case 'PaymentCallRepeated':
    case 'RefundSucceeded':
    case 'RefundPending':
    case 'RefundCallRepeated':
    case 'PaymentsSettled':
    case 'SettlementClosed':
    case 'AccountSettlementClosed':
    case 'PayoutUpdated':
    case 'PayoutBatchMade':
    case 'PayoutSent':
    case 'PayoutCallRepeated':
    case 'PayoutPaid':
    case 'PayoutArrived':
      return [];
  }
}

function linesOfSplits(event: SplitMoneyEvent): readonly BalanceLine[] {
  switch (event.type) {
    case 'SplitPaymentCaptured': {
      const { data } = event;
      const { payment, transaction } = data;
      return [lineOfCapture(payment, transaction, paymentLine(data)), ...linesOfSplit(data)];
    }
    case 'SplitCreated':
      return linesOfSplit(event.data);
    case 'SplitRefundCreated': {
      const { data } = event;
      return [ofRefund('refund', data, data.refund.fromPending !== '0'), ...linesOfShares(data)];
    }
    case 'SplitRefundFailed': {
      const { data } = event;
      return [ofRefund('refund_failure', data, hasPending(data, platformOwner)), ...linesOfShares(data)];
    }
    case 'SplitReversed':
    case 'SplitRestored':
      return linesOfReversal(event.data, event.type === 'SplitRestored');
    case 'SplitUpdated':
      return [];
  }
}

type Booked<T extends PaymentEvent['type']> = Extract<PaymentEvent, { readonly type: T }>['data'];
type RefundData = Booked<'RefundCreated' | 'RefundFailed'>;

/** What a capture brings its owner. */
function lineOfCapture(
  { currency, id: source, livemode }: PaymentFacts,
  transaction: RefundData['transaction'],
  { amount, applicationFee, fee, owner, settlement }: ReturnType<typeof paymentLine>,
): BalanceLine {
  const line = {
    id: lineIdOf(transaction),
    type: 'payment',
    amount,
    fee,
    currency,
    livemode,
    owner,
    source,
    settlement,
  } as const;
  return applicationFee === undefined ? line : { ...line, applicationFee };
}

/** An event books one transaction, and has one line, or two with two ids. */
export const lineOf = (
  { currency, livemode }: Pick<PaymentFacts, 'currency' | 'livemode'>,
  transaction: RefundData['transaction'],
): Pick<BalanceLine, 'currency' | 'id' | 'livemode' | 'owner'> => ({
  owner: platformOwner,
  id: lineIdOf(transaction),
  currency,
  livemode,
});

function ofRefund(type: 'refund' | 'refund_failure', data: RefundData, isPending: boolean): BalanceLine {
  const { payment, refund, transaction } = data;
  const owner = ownerOf(payment);
  const amount = BigInt(refund.amount);
  return {
    ...lineOf(payment, transaction),
    ...{ type, amount: type === 'refund' ? -amount : amount, fee: 0n, source: refund.id },
    owner,
    settlement: settlementOfLine(payment, owner, isPending),
  };
}

const ofFailedRefund = (data: RefundData): BalanceLine =>
  ofRefund('refund_failure', data, hasPending(data, ownerOf(data.payment)));

function ofPayout(
  type: 'payout' | 'payout_failure' | 'payout_cancel',
  { payout, transaction }: Booked<'PayoutCreated' | 'PayoutFailed' | 'PayoutCanceled'>,
): BalanceLine {
  const amount = type === 'payout' ? -BigInt(payout.amount) : BigInt(payout.amount);
  const line = { type, amount, fee: 0n, source: payout.id, settlement: null };
  return { ...lineOf(payout, transaction), ...line, owner: ownerOfPayout(payout) };
}

function linesOfDispute(event: DisputeEvent): readonly BalanceLine[] {
  switch (event.type) {
    case 'DisputeOpened': {
      const { amount, fee } = event.data.dispute;
      const taken = ofDispute('dispute', event.data, -BigInt(amount));
      const ofFee = ofDispute('dispute_fee', event.data, -BigInt(fee));
      return fee === '0' ? [taken] : [taken, { ...ofFee, id: `${ofFee.id}_fee` }];
    }
    case 'DisputeWon':
      return [ofDispute('dispute_reversal', event.data, BigInt(event.data.dispute.amount))];
    case 'DisputeExpected':
    case 'DisputeAsked':
    case 'DisputeNotOpened':
    case 'DisputeUpdated':
    case 'DisputeEvidenceSubmitted':
    case 'DisputeEvidenceErased':
    case 'DisputeCallRepeated':
    case 'DisputeResponseTaken':
    case 'DisputeLost':
      return [];
  }
}

/** It takes from what is available, and gives back to that. */
function ofDispute(
  type: 'dispute' | 'dispute_reversal' | 'dispute_fee',
  { dispute, payment, transaction }: Booked<'DisputeOpened' | 'DisputeWon'>,
  amount: bigint,
): BalanceLine {
  const line = { type, amount, fee: 0n, source: dispute.id, settlement: null };
  return { ...lineOf(dispute, transaction), ...line, owner: ownerOf(payment) };
}
