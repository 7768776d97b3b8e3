import type { PaymentEvent } from '../events';
import { isFeeReport } from './fee-adjustment-events';
import type { FeeReportFacts } from './fee-report-facts';

/** A page of what a rail reports. */
export interface ReadFeeReport extends Pick<FeeReportFacts, 'currency' | 'cursor' | 'from' | 'rail' | 'to'> {
  /** When it is asked for: the time of the environment. */
  readonly at: string;
  /** The id of the reading. */
  readonly report: string;
}
export interface FeeReportEffect {
  readonly kind: 'read_fee_report';
  readonly key: string;
  readonly attempt: number;
  readonly data: ReadFeeReport;
}

/** What an event has a rail asked for. */
export function feeReportEffectsOf(event: PaymentEvent): readonly FeeReportEffect[] {
  if (!isFeeReport(event)) return [];
  const { call, currency, cursor, from, id: report, rail, to } = event.data.feeReport;
  const { at, attempt, key, state } = call;
  if (state !== 'open') return [];
  return [{ kind: 'read_fee_report', key, attempt, data: { at, currency, cursor, from, rail, report, to } }];
}
