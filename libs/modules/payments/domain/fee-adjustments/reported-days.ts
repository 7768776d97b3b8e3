import type { AnyEventType } from '@fintech-ledger/contract';
import { bankTransferRail } from '../chart';
import type { DisputeFacts } from '../disputes/dispute-facts';
import type { PaymentFacts, RefundFacts } from '../facts';
import { recordKeys } from '../records';
import type { PaymentsChange, PaymentsView } from '../records';
import { midnightOf } from '../schedules/schedule-time';
import { feeReportKey, feeReportOf } from './fee-records';

/*
 * What a rail settles, or takes, is in its report of that day, with the fee that it charges. The day is noted by the
 * events that book it, so that the report is read when the day is over, and no report is read of days without any.
 */

/** What is settled or taken, and when: as the rail's report has it. */
interface Reported {
  readonly at: string;
  readonly currency: string;
  readonly rail: string;
}
interface OfSettlement {
  readonly settlement: { readonly availableOn: string; readonly currency: string; readonly rail: string };
}
interface OfRefund {
  readonly payment: PaymentFacts;
  readonly refund: RefundFacts;
}
interface OfDispute {
  readonly dispute: DisputeFacts;
}

const ofSettlement = ({ settlement: { availableOn: at, currency, rail } }: OfSettlement): Reported => ({
  ...{ at, currency, rail },
});
const ofRefund = ({ payment: { attempt, currency }, refund }: OfRefund): Reported => ({
  at: refund.call?.at ?? refund.createdAt,
  currency,
  rail: attempt?.rail ?? bankTransferRail,
});
const ofDispute = ({ dispute: { closedAt, createdAt, currency, rail } }: OfDispute): Reported => ({
  at: closedAt ?? createdAt,
  currency,
  rail,
});

/** By the events that make a line of a report, whatever is booked of it. */
const reportedBy: ReadonlyMap<string, (data: object) => Reported> = new Map(
  Object.entries({
    PaymentsSettled: ofSettlement,
    SettlementClosed: ofSettlement,
    AccountSettled: ofSettlement,
    AccountSettlementClosed: ofSettlement,
    RefundSucceeded: ofRefund,
    DisputeOpened: ofDispute,
    DisputeWon: ofDispute,
  }) as unknown as readonly (readonly [string, (data: object) => Reported])[],
);

/** Undefined: it makes no line. Banks report no fees: they are lines of statements. */
function reportedIn({ data, type }: { readonly data: object; readonly type: string }): Reported | undefined {
  const reported = reportedBy.get(type)?.(data);
  return reported?.rail === bankTransferRail ? undefined : reported;
}

/** The types with the reports among what they touch, wherever they make a line of one. */
export function withReportedDays<const T extends readonly AnyEventType[]>(types: T): T {
  return types.map((type) => {
    if (!reportedBy.has(type.name)) return type;
    const touches = (data: object): readonly string[] => {
      const reported = reportedIn({ data, type: type.name });
      const keys = type.touches(data);
      return reported === undefined ? keys : [...keys, feeReportKey(reported.rail, reported.currency)];
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

/** That the report of a day is to be read. */
export function reportedDays(
  view: PaymentsView,
  event: { readonly data: object; readonly type: string },
): readonly PaymentsChange[] {
  const reported = reportedIn(event);
  if (reported === undefined) return [];
  const { at, currency, rail } = reported;
  const key = feeReportKey(rail, currency);
  const { report = null, unread = null } = feeReportOf(view, key) ?? {};
  const day = midnightOf(at);
  const { first, last } = unread ?? { first: day, last: day };
  if (unread !== null && first <= day && day <= last) return [];
  const days = { first: day < first ? day : first, last: day > last ? day : last };
  return [{ key, record: { kind: 'feeReport', currency, rail, report, unread: days } }];
}
