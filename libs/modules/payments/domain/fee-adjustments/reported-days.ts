import type { AnyEventType } from '@fintech-ledger/contract';
import { bankTransferRail } from '../chart';
import type { DisputeFacts, DisputeQuestion } from '../disputes/dispute-facts';
import type { PaymentFacts, RefundFacts } from '../facts';
import { disputeQuestionOf, recordKeys } from '../records';
import type { PaymentsChange, PaymentsView } from '../records';
import { midnightOf } from '../schedules/schedule-time';
import { feeReportKey, feeReportOf } from './fee-records';

/*
 * What a rail settles, or takes, is in its report of that day, with the fee that it charges. The day is noted by the
 * events that book it, so that the report is read when the day is over, and no report is read of days without any.
 */

/** Of which rail something is, in which currency. */
interface OfRail {
  readonly currency: string;
  readonly rail: string;
}
/** What is settled or taken, and when, as the rail's report has it: not before the one time, nor after the other. */
interface Reported extends OfRail {
  /** When the books have it; by the clock of the environment, as all of these. */
  readonly heardAt: string;
  readonly since: string;
  readonly until: string;
}
interface OfTransaction {
  readonly transaction: { readonly effectiveAt: string };
}
interface OfCapture extends OfTransaction {
  readonly payment: PaymentFacts;
}
/** A settlement that comes to nothing books nothing, and has no time of its own. */
interface OfSettlement extends Partial<OfTransaction> {
  readonly settlement: OfRail & { readonly availableOn: string };
}
interface OfRefund extends OfCapture {
  readonly refund: RefundFacts;
}
interface OfDispute {
  readonly dispute: DisputeFacts;
}
interface OfQuestion {
  readonly question: DisputeQuestion;
}

const onceAt = ({ currency, rail }: OfRail, at: string, heardAt: string): Reported => ({
  ...{ currency, heardAt, rail },
  since: at,
  until: at,
});
/** What was available at once has no settlement after it; it may have been heard of days later. */
const ofCapture = ({ payment, transaction }: OfCapture): Reported | undefined => {
  const { attempt, availableOn, currency } = payment;
  if (attempt === null || availableOn === null || availableOn > transaction.effectiveAt) return undefined;
  return onceAt({ currency, rail: attempt.rail }, availableOn, transaction.effectiveAt);
};
/**
 * It is known to come, and its day is read as soon as it is over, in a process that was down until then, too. What is
 * settled once more on a day that is read, as after a refund that failed, is as late as any other news.
 */
const ofSettlement = ({ settlement, transaction }: OfSettlement, view?: PaymentsView): Reported => {
  const { availableOn, currency, rail } = settlement;
  const report = (view && feeReportOf(view, feeReportKey(rail, currency))?.report) ?? null;
  const isRead = report !== null && availableOn < report.to;
  return onceAt(settlement, availableOn, isRead && transaction ? transaction.effectiveAt : availableOn);
};
/** Which of the attempts has made it is not known, nor how long its answer was on the way. */
const ofRefund = ({ payment: { attempt, currency }, refund, transaction }: OfRefund): Reported => ({
  ...{ currency, rail: attempt?.rail ?? bankTransferRail },
  heardAt: transaction.effectiveAt,
  since: refund.call?.since ?? refund.createdAt,
  until: transaction.effectiveAt,
});
/** The rail has taken it since it was asked for the answer, which may be heard of on a later day. */
const ofDispute = ({ dispute }: OfDispute, view?: PaymentsView): Reported => {
  const at = dispute.closedAt ?? dispute.createdAt;
  const call = dispute.closedAt === null && view ? disputeQuestionOf(view, dispute.payment)?.call : undefined;
  const asked = call && (call.attempt > 1 ? call.at : call.askAt);
  return { ...onceAt(dispute, at, at), ...(asked !== undefined && asked < at && { since: asked }) };
};
/**
 * The rail may have taken it since it was to be asked first, or since the question before was lost. What it is asked
 * on the day itself is noted with the dispute, if there is one.
 */
const ofQuestion = ({ question }: OfQuestion, view: PaymentsView | undefined): Reported | undefined => {
  const before = view && disputeQuestionOf(view, question.payment)?.call;
  const at = (before?.attempt ?? 1) > 1 ? before?.at : before?.askAt;
  return at === undefined || midnightOf(at) === midnightOf(question.call.at)
    ? undefined
    : onceAt(question, at, question.call.at);
};

type DaysOf = (data: object, view?: PaymentsView) => Reported | undefined;
/** By the events that make a line of a report, or may follow one, whatever is booked of it. */
const reportedBy: ReadonlyMap<string, DaysOf> = new Map(
  Object.entries({
    PaymentCaptured: ofCapture,
    DestinationPaymentCaptured: ofCapture,
    SplitPaymentCaptured: ofCapture,
    PaymentsSettled: ofSettlement,
    SettlementClosed: ofSettlement,
    AccountSettled: ofSettlement,
    AccountSettlementClosed: ofSettlement,
    RefundSucceeded: ofRefund,
    DisputeAsked: ofQuestion,
    DisputeOpened: ofDispute,
    DisputeWon: ofDispute,
  }) as unknown as readonly (readonly [string, DaysOf])[],
);

/** Undefined: it makes no line. Banks report no fees: they are lines of statements. */
function reportedIn(
  { data, type }: { readonly data: object; readonly type: string },
  view?: PaymentsView,
): Reported | undefined {
  const reported = reportedBy.get(type)?.(data, view);
  return reported?.rail === bankTransferRail ? undefined : reported;
}

/** The types with the reports among what they touch, wherever they make a line of one. */
export function withReportedDays<const T extends readonly AnyEventType[]>(types: T): T {
  return types.map((type) => {
    if (!reportedBy.has(type.name)) return type;
    const touches = (data: object): readonly string[] => {
      // What a question notes depends on the one before it.
      const of = 'question' in data ? (data as OfQuestion).question : reportedIn({ data, type: type.name });
      const keys = type.touches(data);
      return of === undefined ? keys : [...keys, feeReportKey(of.rail, of.currency)];
    };
    return { ...type, touches };
  }) as unknown as T;
}

/** With the report of each rail of whose money something is decided. */
export function reportReads(keys: readonly string[]): readonly string[] {
  const ofRails = keys.filter((key) => key.startsWith(recordKeys.netting));
  if (ofRails.length === 0) return keys;
  return [...keys, ...ofRails.map((key) => key.replace(recordKeys.netting, recordKeys.feeReport))];
}

/**
 * That the report of a day is to be read, or of several: one of them has the line. What is noted beside others is read
 * when they are: were it to put them off, a rail of which news comes at every midnight would never be read.
 */
export function reportedDays(
  view: PaymentsView,
  event: { readonly data: object; readonly type: string },
): readonly PaymentsChange[] {
  const reported = reportedIn(event, view);
  if (reported === undefined) return [];
  const { currency, rail } = reported;
  const key = feeReportKey(rail, currency);
  const { report = null, unread = null } = feeReportOf(view, key) ?? {};
  const [since, until] = [midnightOf(reported.since), midnightOf(reported.until)];
  const { first, last } = unread ?? { first: since, last: until };
  if (unread !== null && first <= since && until <= last) return [];
  const notedOn = unread === null ? midnightOf(reported.heardAt) : (unread.notedOn ?? unread.first);
  const days = { first: since < first ? since : first, last: until > last ? until : last };
  const noted = { ...days, ...(days.first < notedOn && { notedOn }) };
  return [{ key, record: { kind: 'feeReport', currency, rail, report, unread: noted } }];
}
