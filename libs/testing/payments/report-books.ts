import { feeReportEffectsOf, isFeeReport } from '@fintech-ledger/payments/domain';
import type {
  FeeReportFacts,
  PaymentEvent,
  ReadFeeReport,
  RecordFeeReport,
  ReportedFee,
} from '@fintech-ledger/payments/domain';
import { ChargeBooks } from './charge-books';

/** That a rail reports an amount as the fee of a payment, or of what `more` says. */
export const reportedFee = (
  object: string,
  amount: string,
  more: Partial<ReportedFee> = {},
): ReportedFee => ({
  ...{ fee: amount, kind: 'payment', object, railReference: 'ch_1' },
  ...more,
});

/** Books whose rail is asked for reports. Payments are made on 2026-01-05 at noon, and settled two days later. */
export class ReportBooks extends ChargeBooks {
  at(time: string): this {
    this.journal.run(time);
    return this;
  }
  /** What rails are asked for since the beginning. */
  get asked(): readonly ReadFeeReport[] {
    return this.journal.events.flatMap((event) => feeReportEffectsOf(event).map(({ data }) => data));
  }
  get reports(): readonly FeeReportFacts[] {
    return this.journal.events.flatMap((event) => (isFeeReport(event) ? [event.data.feeReport] : []));
  }
  /** The rail says this to the question that is open. */
  says(fees: readonly ReportedFee[], more: Partial<RecordFeeReport> = {}): readonly PaymentEvent[] {
    const { call, currency, rail } = this.reports.at(-1) ?? { call: { key: '' } };
    const of = { call: call.key, currency: currency ?? 'USD', rail: rail ?? 'simulator' };
    return this.submit({
      ...{ type: 'RecordFeeReport', ...of, cursor: null, fees, lines: fees.length },
      ...more,
    });
  }
}
