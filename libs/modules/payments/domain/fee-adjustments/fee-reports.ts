import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { decided } from '../decision';
import type { DecisionOf } from '../decision';
import type { PaymentEvent } from '../events';
import type { PayoutCall } from '../payout-facts';
import { askAfter, ended, nextAttempt } from '../rail-calls';
import type { PaymentsView } from '../records';
import { daysAfter, midnightOf } from '../schedules/schedule-time';
import { adjustedFees, adjustFeesReads } from './adjust-fee';
import type { RecordFeeReport } from './fee-adjustment-commands';
import { feeReportKey, feeReportOf } from './fee-records';
import type { FeeReportFacts, FeeReportRecord } from './fee-report-facts';

/* The reports of rails are read when a day is over, and what differs is booked, without anybody asking for it. */

type View = PaymentsView & SharedView;

/** A rail may add to a report, or say another fee, on the day after: that day is read once more with the next one. */
const readAgainDays = 1;

/** When a report is to be read, or asked for again. */
export function feeReportDueAt({ report, unread }: FeeReportRecord): string | undefined {
  if (report?.call.state === 'open') return report.call.askAt;
  return unread === null ? undefined : daysAfter(unread.notedOn ?? unread.first, 1);
}

interface DueContext extends DecideContext {
  readonly isResumed: boolean;
}

/**
 * What is due of the reports of a rail: days that are over are read, or a page that did not come is asked for again.
 * @param index of the event
 */
export function dueOfFeeReport(
  record: FeeReportRecord,
  context: DueContext,
  index: number,
): PaymentEvent | undefined {
  const { isResumed, now } = context;
  const { currency, rail, report, unread } = record;
  const dueAt = feeReportDueAt(record);
  if (report?.call.state === 'open') {
    if (report.call.askAt > now && !isResumed) return undefined;
    return asked({ ...report, call: nextAttempt(report.call, true, now) });
  }
  if (unread === null || dueAt === undefined || dueAt > now) return undefined;
  const from = report === null || unread.first < report.to ? unread.first : report.to;
  const id = context.newId('frp', index);
  return asked({
    ...{ adjusted: 0, currency, cursor: null, id, lines: 0, page: 1, rail },
    call: question(id, 1, now),
    from: report === null ? from : daysAfter(from, -readAgainDays),
    to: midnightOf(now),
  });
}

const asked = (feeReport: FeeReportFacts): PaymentEvent => ({ type: 'FeeReportAsked', data: { feeReport } });
const question = (id: string, page: number, now: string): PayoutCall => ({
  ...{ key: `${id}:${page}`, attempt: 1, isQuestion: true, state: 'open' },
  ...{ askAt: askAfter(now, 1), at: now, since: now },
});

/** A page of a report: what differs is booked, and the next page is asked for. Said again, it changes nothing. */
export function recordFeeReport(
  view: View,
  { call: key, currency, cursor, fees, lines, rail }: RecordFeeReport,
  context: DecideContext,
): DecisionOf<'RecordFeeReport'> {
  const report = feeReportOf(view, feeReportKey(rail, currency))?.report ?? null;
  if (report?.call.key !== key || report.call.state !== 'open') return decided();
  const booked = adjustedFees(view, fees, rail, context);
  const { adjusted, call, id, lines: before, page } = report;
  const read = { ...report, adjusted: adjusted + booked.length, lines: before + lines };
  const next = { call: question(id, page + 1, context.now), cursor, page: page + 1 };
  const feeReport = { ...read, ...(cursor === null ? { call: ended(call) } : next) };
  return decided(...booked, { type: 'FeeReportRead', data: { feeReport } });
}

/** Keys of the records that deciding it reads, as far as the view tells. */
export const recordFeeReportReads = (
  view: View,
  { currency, fees, rail }: RecordFeeReport,
): readonly string[] => [feeReportKey(rail, currency), ...adjustFeesReads(view, { fees, rail })];
