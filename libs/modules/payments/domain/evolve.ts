import { BrokenInvariant } from '@fintech-ledger/contract';
import { feeBefore } from './capture-fee';
import { bankTransferRail } from './chart';
import type { BookingFacts } from '@fintech-ledger/ledger/domain';
import { partyOf } from './charges/charge';
import {
  closedAccountSettlement,
  ownerChange,
  pendingMoves,
  platformChange,
  settlementChanges,
  sharesChanges,
  splitChange,
  transferChange,
} from './charges/evolve-charge';
import { isDisputeEvent } from './disputes/dispute-events';
import type { DisputeEvent } from './disputes/dispute-events';
import { evolveDispute } from './disputes/evolve-dispute';
import type { PaymentEvent } from './events';
import { isSplitEvent } from './splits/split-events';
import type { SplitMoneyEvent } from './splits/split-events';
import { evolveFees } from './fee-adjustments/evolve-fee-adjustment';
import { isFeeEvent } from './fee-adjustments/fee-adjustment-events';
import type { FeeEvent } from './fee-adjustments/fee-adjustment-events';
import { reportedDays } from './fee-adjustments/reported-days';
import { evolveReserve } from './reserves/evolve-reserve';
import { isReserveEvent } from './reserves/reserve-events';
import type { ReserveEvent } from './reserves/reserve-events';
import { evolveSchedule } from './schedules/evolve-schedule';
import { isScheduleEvent } from './schedules/schedule-events';
import type { ScheduleEvent } from './schedules/schedule-events';
import { youngChanges } from './schedules/young-money';
import { evolveTransfer } from './transfers/evolve-transfer';
import { isTransferEvent } from './transfers/transfer-events';
import type { TransferEvent } from './transfers/transfer-events';
import type { PaymentFacts, RailCall, RefundFacts } from './facts';
import { payoutChanges } from './evolve-payout';
import { isInOrder } from './make-refund';
import { batchMade } from './sent-batches';
import {
  createdRevisionOf,
  endedCallsOf,
  nettingKey,
  nettingOf,
  paymentKey,
  paymentOf,
  referenceKey,
  refundKey,
  refundOf,
  splitOf,
} from './records';
import type { EndedCalls, PaymentsChange, PaymentsView } from './records';
import { clearedBy, closed, openOf, settled } from './evolve-settlement';

/** The records that an event changes. @throws BrokenInvariant when it contradicts the state */
export function evolvePayments(
  view: PaymentsView,
  event: PaymentEvent,
  revision: number,
): readonly PaymentsChange[] {
  if (isScheduleEvent(event)) return [evolveSchedule(view, event)];
  const young = 'entries' in event.data ? youngChanges(view, event.data) : [];
  if (isReserveEvent(event)) return [evolveReserve(view, event), ...young];
  if (isFeeEvent(event)) return [...evolveFees(view, event), ...young];
  return [...evolveOwn({ view, revision }, event), ...reportedDays(view, event), ...young];
}

type AsideEvent = FeeEvent | ReserveEvent | ScheduleEvent;

function evolveOwn(at: At, event: Exclude<PaymentEvent, AsideEvent>): readonly PaymentsChange[] {
  const { view } = at;
  if (isDisputeEvent(event))
    return [
      ...('payment' in event.data ? [changed(at, event.data.payment)] : []),
      ...evolveDispute(view, event),
    ];
  if (isTransferEvent(event)) return [...sourceOf(at, event), ...evolveTransfer(view, event)];
  const { data } = event;
  // A refund whose rail is only asked changes nothing of anybody else.
  const isAsked = event.type === 'RefundPending' || event.type === 'RefundCallRepeated';
  const ofParty = 'payment' in data && !isAsked ? ownerChange(view, data) : [];
  const ofTransfer = 'transfer' in data ? [transferChange(data.transfer)] : [];
  const ofSplit = 'split' in data ? [splitChange(data.split)] : [];
  return [...evolvePayment(at, event), ...ofTransfer, ...ofSplit, ...ofParty];
}

type OwnEvent = Exclude<PaymentEvent, AsideEvent | DisputeEvent | TransferEvent>;
function evolvePayment(at: At, event: OwnEvent): readonly PaymentsChange[] {
  if (isSplitEvent(event)) return evolveSplit(at, event);
  const { view } = at;
  switch (event.type) {
    case 'PaymentCreated':
      if (paymentOf(view, event.data.payment.id)) throw broken(event.type, event.data.payment.id);
      return [changed(at, event.data.payment)];
    case 'PaymentUpdated':
    case 'PaymentConfirmed':
    case 'PaymentProcessing':
    case 'PaymentAuthorized':
    case 'PaymentCaptureRequested':
    case 'PaymentDeclined':
    case 'PaymentCancelRequested':
    case 'PaymentCanceled':
    case 'PaymentCallRepeated':
      before(view, event.type, event.data.payment);
      return [changed(at, event.data.payment)];
    case 'PaymentActionRequired':
      before(view, event.type, event.data.payment);
      return [changed(at, event.data.payment), ...referenceOf(event.data.payment)];
    case 'PaymentCaptured': {
      const was = before(view, event.type, event.data.payment);
      if (partyOf(event.data.payment) === undefined) return captured(at, was, event.data.payment);
      return [changed(at, event.data.payment), ...settledLater(view, event.data, true)];
    }
    case 'DestinationPaymentCaptured':
      before(view, event.type, event.data.payment);
      return [changed(at, event.data.payment), ...settledLater(view, event.data, true)];
    case 'AccountSettlementClosed':
      return [closedAccountSettlement(view, event.data.settlement)];
    case 'RefundCreated':
    case 'ReversingRefundCreated':
      if (!isInOrder(view, event.data.refund, true)) throw broken(event.type, event.data.refund.id);
      return refunded(at, event.data);
    case 'RefundSucceeded':
    case 'RefundFailed':
    case 'ReversingRefundFailed':
      if (!refundOf(view, event.data.refund.id)) throw broken(event.type, event.data.refund.id);
      return refunded(at, event.data);
    case 'RefundPending':
    case 'RefundCallRepeated':
      return [changedRefund(at, event.data.refund)];
    case 'PaymentsSettled':
      return settled(view, event.data.settlement);
    case 'PayoutBatchMade':
      return [batchMade(view, event.data.payoutBatch)];
    case 'PayoutCreated':
    case 'PayoutUpdated':
    case 'PayoutSent':
    case 'PayoutCallRepeated':
    case 'PayoutPaid':
    case 'PayoutArrived':
    case 'PayoutFailed':
    case 'PayoutCanceled':
      return payoutChanges(view, event.type, event.data.payout);
    case 'SettlementClosed':
      return closed(view, event.data.settlement);
  }
}

/** By which a transfer of a bank finds it. */
function referenceOf({ id, nextAction }: PaymentFacts): readonly PaymentsChange[] {
  if (nextAction?.type !== 'display_bank_transfer_instructions') return [];
  return [{ key: referenceKey(nextAction.reference), record: { kind: 'creditor_reference', payment: id } }];
}

/** What an event of a split changes besides its record. */
function evolveSplit(at: At, { data, type }: SplitMoneyEvent): readonly PaymentsChange[] {
  const { view } = at;
  const isNew = type === 'SplitPaymentCaptured' || type === 'SplitCreated';
  if ((splitOf(view, data.split.id) === undefined) !== isNew) throw broken(type, data.split.id);
  if (type === 'SplitUpdated') return [];
  if ('reversal' in data) return [changed(at, data.payment), ...settledLater(view, data)];
  if (!isNew) {
    if (!isInOrder(view, data.refund, type === 'SplitRefundCreated')) throw broken(type, data.refund.id);
    return refunded(at, data);
  }
  if (before(view, type, data.payment).split !== undefined) throw broken(type, data.payment.id);
  const isCaptured = type === 'SplitPaymentCaptured';
  return [changed(at, data.payment), ...settledLater(view, data, true, isCaptured)];
}

/** The payment that a transfer names, with what is pending of it. */
function sourceOf(at: At, { data, type }: TransferEvent): readonly PaymentsChange[] {
  return 'payment' in data ? captured(at, before(at.view, type, data.payment), data.payment) : [];
}

const broken = (type: string, id: string): BrokenInvariant => new BrokenInvariant(`${type} of ${id}`);

/** What an event is folded over, and where it stands. */
interface At {
  readonly view: PaymentsView;
  readonly revision: number;
}

function changed({ view, revision }: At, payment: PaymentFacts): PaymentsChange {
  const key = paymentKey(payment.id);
  const endedCalls = withEnded(endedCallsOf(view, key), payment.call, revision);
  const createdRevision = paymentOf(view, payment.id) ? createdRevisionOf(view, payment.id) : revision;
  const known = { createdRevision, endedCalls, ...feeBefore(view, payment) };
  return { key, record: { kind: 'payment', payment, ...known } };
}
function changedRefund({ view, revision }: At, refund: RefundFacts): PaymentsChange {
  const key = refundKey(refund.id);
  const endedCalls = withEnded(endedCallsOf(view, key), refund.call, revision);
  return { key, record: { kind: 'refund', refund, endedCalls } };
}
/** With the first event after which nobody waits for a call any more. */
function withEnded(known: EndedCalls, call: RailCall | null, revision: number): EndedCalls {
  if (call === null || call.state === 'awaited' || call.key in known) return known;
  return { ...known, [call.key]: revision };
}

function before(view: PaymentsView, type: string, { id }: PaymentFacts): PaymentFacts {
  const payment = paymentOf(view, id);
  if (payment === undefined) throw broken(type, id);
  return payment;
}

function captured(at: At, was: PaymentFacts, payment: PaymentFacts): readonly PaymentsChange[] {
  return [
    changed(at, payment),
    ...platformChange(at.view, payment, BigInt(payment.pending) - BigInt(was.pending)),
  ];
}

const settledLater = (
  view: PaymentsView,
  { entries, payment }: { readonly entries: BookingFacts['entries']; readonly payment: PaymentFacts },
  isNew = false,
  isCapture = isNew,
): readonly PaymentsChange[] =>
  payment.split === undefined
    ? settlementChanges(view, payment, entries, isNew)
    : sharesChanges(view, payment, entries, { isCapture, isNew });

interface RefundData {
  readonly entries: BookingFacts['entries'];
  readonly payment: PaymentFacts;
  readonly refund: RefundFacts;
}

function refunded(at: At, data: RefundData): readonly PaymentsChange[] {
  const { view } = at;
  const { entries, payment, refund } = data;
  const was = before(view, 'a refund', payment);
  const wasRefund = refundOf(view, refund.id);
  const isOfPlatform = partyOf(payment) === undefined && payment.split === undefined;
  const ofOwner = BigInt(payment.pending) - BigInt(was.pending);
  const moves = isOfPlatform ? [ofOwner] : [...pendingMoves(entries).values()];
  const more = moves.reduce((sum, each) => sum + each, 0n);
  const later = isOfPlatform ? platformChange(view, payment, more) : settledLater(view, data);
  const changes = [changed(at, payment), changedRefund(at, refund), ...later];
  const kept = more + openOf(refund) + clearedBy(refund) - openOf(wasRefund) - clearedBy(wasRefund);
  const { attempt, currency } = payment;
  // A bank keeps nothing back.
  if (kept === 0n || attempt === null || attempt.rail === bankTransferRail) return changes;
  const amount = String(nettingOf(view, attempt.rail, currency) + kept);
  return [...changes, { key: nettingKey(attempt.rail, currency), record: { kind: 'netting', amount } }];
}
