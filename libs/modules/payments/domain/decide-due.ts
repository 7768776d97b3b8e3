import { LayeredView } from '@fintech-ledger/ledger/domain';
import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { settlementLines } from './bookings';
import { booked } from './decision';
import type { ActOnPayments } from './commands';
import type { DecisionOf } from './decision';
import { cancellation } from './cancel-payment';
import { dueOfPayout } from './decide-payout';
import { expiryOf, isOver } from './due-at';
import { foldOver } from './fold-over';
import { batchMadeAfter } from './sent-batches';
import { dueOfDispute, dueOfQuestion } from './disputes/record-dispute';
import type { PaymentEvent } from './events';
import type { PaymentFacts, RailCall, RefundFacts } from './facts';
import { isOpen, nextAttempt, nextQuestionOfAction } from './rail-calls';
import { accountSettlementOf, disputeOf, disputeQuestionOf, nettingOf, paymentOf } from './records';
import { accountSettlementLines } from './transfers/transfer-bookings';
import {
  payoutKey,
  payoutOf,
  recordKeys,
  refundOf,
  reserveOf,
  scheduleRecordOf,
  settlementOf,
} from './records';
import { dueOfFeeReport } from './fee-adjustments/fee-reports';
import { feeReportOf } from './fee-adjustments/fee-records';
import { dueOfReserve, heldBefore } from './reserves/decide-reserve';
import { dueOfSchedule } from './schedules/decide-schedule';
import type { AccountSettlementRecord, PaymentsView, SettlementRecord } from './records';

interface DueContext extends DecideContext {
  /** See `ActOnPayments`. */
  readonly isResumed: boolean;
}

/** See `dueEvents`. */
export function decideDue(
  view: PaymentsView & SharedView,
  { keys, isResumed = false }: ActOnPayments,
  context: DecideContext,
): DecisionOf<'ActOnPayments'> {
  const events: PaymentEvent[] = [];
  const mayEndAfter: number[] = [];
  for (const whole of dueEvents(view, keys, { ...context, isResumed })) {
    events.push(...whole);
    if (whole.length > 0) mayEndAfter.push(events.length);
  }
  return { kind: 'decided', events, mayEndAfter };
}

/**
 * What is due of records: rails are asked, authorizations end, what was pending becomes available. What follows from
 * one record is a whole: what is held of money that becomes available, and the file with the last payout of its day.
 */
function* dueEvents(
  view: PaymentsView & SharedView,
  keys: readonly string[],
  context: DueContext,
): Generator<readonly PaymentEvent[]> {
  const draft = new DueDraft(view);
  let index = 0;
  for (const key of lastSchedules(keys)) {
    const whole: PaymentEvent[] = [];
    for (const event of dueOf(draft.view, key, context, index)) {
      draft.add(event);
      const made = batchMadeAfter(draft.view, event, context);
      if (made !== undefined) draft.add(made);
      whole.push(event, ...(made === undefined ? [] : [made]));
    }
    index += whole.length;
    yield* isSchedule(key) ? wholesOfSchedule(whole) : [whole];
  }
}

/**
 * What a schedule pays out of a currency is one whole: it is not there any more when the schedule is run on, and what
 * is left of it might be less than the minimum.
 */
function wholesOfSchedule(events: readonly PaymentEvent[]): readonly (readonly PaymentEvent[])[] {
  const currencyOf = (event: PaymentEvent | undefined) =>
    event?.type === 'PayoutCreated' ? event.data.payout.currency : undefined;
  const wholes: PaymentEvent[][] = [];
  for (const event of events) {
    const last = wholes.at(-1);
    const currency = currencyOf(event);
    if (last !== undefined && currency !== undefined && currency === currencyOf(last[0])) last.push(event);
    else wholes.push([event]);
  }
  return wholes;
}

type View = PaymentsView & SharedView;

/** What is due of a record is decided on all that those before it have changed, as when each is stored alone. */
class DueDraft {
  readonly view: View;
  private readonly layered: LayeredView;

  constructor(under: View) {
    this.layered = new LayeredView(under);
    // What lies under it has the records of payments, too.
    this.view = this.layered as LayeredView & PaymentsView;
  }

  add(event: PaymentEvent): void {
    // Nothing was read of an id that is new.
    const made = event.type === 'PayoutCreated' ? payoutKey(event.data.payout.id) : undefined;
    foldOver(this.layered, event, { get: (key) => (key === made ? undefined : this.view.get(key)) });
  }
}

export const isSchedule = (key: string): boolean => key.startsWith(recordKeys.payoutSchedule);
/** What becomes available at the moment of a schedule is paid out by it. */
const lastSchedules = (keys: readonly string[]): readonly string[] => [
  ...keys.filter((key) => !isSchedule(key)),
  ...keys.filter(isSchedule),
];

function dueOf(view: View, key: string, context: DueContext, index: number): Iterable<PaymentEvent> {
  if (isSchedule(key)) {
    const record = scheduleRecordOf(view, key.slice(recordKeys.payoutSchedule.length));
    return record === undefined ? [] : dueOfSchedule(view, record, context, index);
  }
  const ofAccount = accountSettlementOf(view, key);
  if (ofAccount !== undefined) return dueOfAccountSettlement(view, ofAccount, context, index);
  const event = dueEvent(view, key, context, index);
  return event === undefined ? [] : [event];
}

function dueEvent(view: View, key: string, context: DueContext, index: number): PaymentEvent | undefined {
  const payment = key.startsWith(recordKeys.payment)
    ? paymentOf(view, key.slice(recordKeys.payment.length))
    : undefined;
  if (payment !== undefined) return dueOfPayment(payment, context, index);
  const refund = key.startsWith(recordKeys.refund)
    ? refundOf(view, key.slice(recordKeys.refund.length))
    : undefined;
  if (refund !== undefined) return dueOfRefund(view, refund, context);
  const payout = key.startsWith(recordKeys.payout)
    ? payoutOf(view, key.slice(recordKeys.payout.length))
    : undefined;
  if (payout !== undefined) return dueOfPayout(payout, context.now, context.isResumed);
  const dispute = key.startsWith(recordKeys.dispute)
    ? disputeOf(view, key.slice(recordKeys.dispute.length))
    : undefined;
  if (dispute !== undefined) return dueOfDispute(dispute, context, index);
  const question = key.startsWith(recordKeys.disputeQuestion)
    ? disputeQuestionOf(view, key.slice(recordKeys.disputeQuestion.length))
    : undefined;
  if (question !== undefined) return dueOfQuestion(question, context.now);
  const ofFees = feeReportOf(view, key);
  if (ofFees !== undefined) return dueOfFeeReport(ofFees, context, index);
  const reserve = reserveOf(view, key);
  if (reserve !== undefined) return dueOfReserve(view, reserve, context, index);
  const settlement = settlementOf(view, key);
  return settlement && dueOfSettlement(view, settlement, context, index);
}

function dueOfPayment(payment: PaymentFacts, context: DueContext, index: number): PaymentEvent | undefined {
  const { now } = context;
  const { call } = payment;
  if (isOpen(call)) {
    if (!isAsked(call, context)) return undefined;
    const mustAct = payment.status === 'requires_action';
    const again = mustAct ? nextQuestionOfAction(call, now) : nextAttempt(call, true, now);
    return { type: 'PaymentCallRepeated', data: { payment: { ...payment, call: again } } };
  }
  const expiry = expiryOf(payment);
  return expiry === undefined || expiry > now ? undefined : cancellation(payment, 'expired', context, index);
}

/** What nobody has told of may have been lost with its process; what the rail will say later has its time. */
const isAsked = ({ askAt, state }: RailCall, { isResumed, now }: DueContext): boolean =>
  askAt <= now || (isResumed && state === 'awaited');

function dueOfRefund(view: PaymentsView, refund: RefundFacts, context: DueContext): PaymentEvent | undefined {
  const { now } = context;
  const { call } = refund;
  const payment = paymentOf(view, refund.payment);
  if (!isOpen(call) || !isAsked(call, context) || payment === undefined) return undefined;
  return {
    type: 'RefundCallRepeated',
    data: { payment, refund: { ...refund, call: nextAttempt(call, true, now) } },
  };
}

function dueOfSettlement(
  view: View,
  settlement: SettlementRecord,
  context: DueContext,
  index: number,
): PaymentEvent | undefined {
  const { rail, currency, availableOn, platform } = settlement;
  if (isOver(settlement) || availableOn > context.now) return undefined;
  const keeps = keptOf(BigInt(platform), nettingOf(view, rail, currency));
  const lines = settlementLines({ rail, currency, platform: BigInt(platform), kept: keeps });
  if (lines.length === 0)
    return { type: 'SettlementClosed', data: { settlement: { availableOn, currency, rail } } };
  const facts = booked(view, lines, `Settlement of ${rail}`, context, index);
  const said = { availableOn, currency, kept: String(keeps), platform, rail };
  return { type: 'PaymentsSettled', data: { ...facts, settlement: said } };
}

/** Each account's is an event of its own, after what is held of it. */
function dueOfAccountSettlement(
  view: View,
  record: AccountSettlementRecord,
  context: DueContext,
  index: number,
): readonly PaymentEvent[] {
  const { account, amount, availableOn, captured = '0', currency, isOpen: isStillOpen } = record;
  if ((amount === '0' && isStillOpen !== true) || availableOn > context.now) return [];
  const becoming = [{ account, availableOn, captured: BigInt(captured), currency }];
  const then = (after: SharedView, at: number) => accountSettlement(view, record, after, context, at);
  return heldBefore(view, becoming, then, context, index);
}

/** @param after with what was held */
function accountSettlement(
  view: PaymentsView,
  { account, amount, availableOn, currency, rail }: AccountSettlementRecord,
  after: SharedView,
  context: DueContext,
  index: number,
): PaymentEvent {
  if (amount === '0')
    return {
      type: 'AccountSettlementClosed',
      data: { settlement: { account, availableOn, currency, rail } },
    };
  const kept = keptOf(BigInt(amount), nettingOf(view, rail, currency));
  const lines = accountSettlementLines({ account, amount: BigInt(amount), currency, kept, rail });
  const facts = booked(after, lines, `Settlement of ${rail}`, context, index);
  const settlement = { account, amount, availableOn, currency, kept: String(kept), rail };
  return { type: 'AccountSettled', data: { ...facts, settlement } };
}

/** What a rail keeps of what it settles: no more than that; what it has kept too much, it gives back. */
export function keptOf(settled: bigint, netting: bigint): bigint {
  if (netting <= 0n) return netting;
  const most = settled > 0n ? settled : 0n;
  return netting < most ? netting : most;
}
