import { eventType, flag, object, oneOf, orNull, text, time } from '@fintech-ledger/contract';
import type { EventOf } from '@fintech-ledger/contract';
import { bookingEvent, currency } from '@fintech-ledger/ledger/domain';
import { bankChargeEventTypes, isBankCharge } from '../bank-charges/bank-charge-events';
import type { BankChargeEvent } from '../bank-charges/bank-charge-events';
import { nettingKey } from '../records';
import { railLineKinds } from './fee-adjustment-facts';
import type { FeeAdjustmentFacts, FeeComparisonFacts } from './fee-adjustment-facts';
import { feeAdjustmentKey, feeReportKey } from './fee-records';
import { feeReport } from './fee-report-facts';
import type { FeeReportFacts } from './fee-report-facts';

const units = (description: string) =>
  text({
    description: `${description}: minor units, which may be below zero`,
    pattern: '^(?:0|-?[1-9][0-9]{0,35})$',
  });

interface OfReport {
  readonly feeReport: FeeReportFacts;
}
interface OfComparison {
  readonly feeComparison: FeeComparisonFacts;
}
const ofReport = <const N extends string>(name: N, description: string) =>
  eventType({
    name,
    description,
    schema: object<OfReport>({ feeReport }),
    touches: ({ feeReport: { currency: code, rail } }: OfReport) => [feeReportKey(rail, code)],
  });

/** What the journal of a payments ledger says of fees that differ from the expected ones, or belong to no payment. */
export const feeAdjustmentEventTypes = [
  bookingEvent<'FeeAdjusted', { readonly feeAdjustment: FeeAdjustmentFacts }>({
    name: 'FeeAdjusted',
    description:
      'A rail reports a fee that is not what was booked: who bears the fee bears the difference, or has it back.',
    fields: {
      feeAdjustment: object<FeeAdjustmentFacts>({
        amount: text({
          description: 'What the rail takes more than was booked, below zero less: minor units',
          pattern: '^-?[1-9][0-9]{0,35}$',
        }),
        connectedAccount: orNull(text({ pattern: '^acct_[0-9A-Za-z]+$' })),
        currency,
        expected: units('The fee that was booked with it'),
        kind: oneOf(...railLineKinds),
        livemode: flag,
        object: text({ pattern: '^(?:pay|re|dp)_[0-9A-Za-z]+$' }),
        rail: text(),
        railReference: text(),
        reported: units('The fee that the rail reports'),
      }),
    },
    touches: ({ feeAdjustment: { currency: code, kind, object: of, rail } }) => [
      feeAdjustmentKey(kind, of),
      nettingKey(rail, code),
    ],
  }),
  eventType({
    name: 'FeesCompared',
    description:
      'Somebody had the fees of a time compared with what a rail reports of it: what differs was booked before this.',
    schema: object<OfComparison>({
      feeComparison: object<FeeComparisonFacts>({
        from: time,
        hasMore: flag,
        livemode: flag,
        rail: text(),
        to: time,
      }),
    }),
    touches: () => [],
  }),
  ...bankChargeEventTypes,
  ofReport('FeeReportAsked', 'A rail is asked for what it reports of days that are over. Nothing is booked.'),
  ofReport(
    'FeeReportRead',
    'A page of a report was read: what differs in it was booked before this, and the next one is asked for.',
  ),
] as const;
export type FeeEvent = EventOf<(typeof feeAdjustmentEventTypes)[number]>;
export type FeeAdjustmentEvent = Extract<FeeEvent, { readonly type: 'FeeAdjusted' }>;
export type FeeComparisonEvent = Extract<FeeEvent, { readonly type: 'FeesCompared' }>;
export type FeeReportEvent = Exclude<FeeEvent, BankChargeEvent | FeeAdjustmentEvent | FeeComparisonEvent>;

interface Typed {
  readonly type: string;
}
export const isFeeAdjustment = (event: Typed): event is FeeAdjustmentEvent => event.type === 'FeeAdjusted';
export const isFeeComparison = (event: Typed): event is FeeComparisonEvent => event.type === 'FeesCompared';
export const isFeeReport = (event: Typed): event is FeeReportEvent =>
  event.type === 'FeeReportAsked' || event.type === 'FeeReportRead';
export const isFeeEvent = (event: Typed): event is FeeEvent =>
  isBankCharge(event) || isFeeAdjustment(event) || isFeeComparison(event) || isFeeReport(event);
