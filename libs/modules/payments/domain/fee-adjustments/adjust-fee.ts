import { LayeredView, readsOfLines } from '@fintech-ledger/ledger/domain';
import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { ownerOf } from '../charges/charge';
import { booked, decided } from '../decision';
import type { DecisionOf } from '../decision';
import type { PaymentFacts } from '../facts';
import { foldOver } from '../fold-over';
import { disputeKey, disputeOf, nettingKey, paymentKey, paymentOf, refundKey, refundOf } from '../records';
import type { PaymentsView } from '../records';
import { adjustedAccounts, adjustedLines } from './fee-adjustment-bookings';
import type { AdjustFees, FeeOfRail, ReportedFee } from './fee-adjustment-commands';
import type { FeeAdjustmentEvent } from './fee-adjustment-events';
import type { FeeAdjustmentFacts } from './fee-adjustment-facts';
import { feeAdjustedOf, feeAdjustmentKey } from './fee-records';

type View = PaymentsView & SharedView;

/** Where nothing differs, nothing is recorded but the key of who asked. */
export function adjustFees(
  view: View,
  { fees, type: _, ...feeComparison }: AdjustFees,
  context: DecideContext,
): DecisionOf<'AdjustFees'> {
  const adjusted = adjustedFees(view, fees, feeComparison.rail, context);
  const event = { type: 'FeesCompared', data: { feeComparison } } as const;
  return adjusted.length === 0
    ? { kind: 'decided', events: [], answeredAs: [event] }
    : decided(...adjusted, event);
}

/**
 * What a rail reports is a fact: nothing refuses it. What was adjusted before counts, so a report that is read again
 * books nothing; neither does one of something that the books do not have.
 */
export function adjustedFees(
  view: View,
  fees: readonly ReportedFee[],
  rail: string,
  context: DecideContext,
): readonly FeeAdjustmentEvent[] {
  // What lies under it has the records of payments, too.
  const layered = new LayeredView(view) as LayeredView & View;
  const adjusted: FeeAdjustmentEvent[] = [];
  for (const fee of fees) {
    const event = adjustedFee(layered, { ...fee, rail }, context, adjusted.length);
    if (event === undefined) continue;
    foldOver(layered, event);
    adjusted.push(event);
  }
  return adjusted;
}

/** @param index of the event @returns undefined: nothing differs */
function adjustedFee(
  view: View,
  reported: FeeOfRail,
  context: DecideContext,
  index: number,
): FeeAdjustmentEvent | undefined {
  const { fee, kind, object, rail, railReference } = reported;
  const line = lineOf(view, reported);
  if (line?.rail !== rail || line.railReference !== railReference) return undefined;
  const { currency, livemode } = line.payment;
  const amount = BigInt(fee) - BigInt(line.expected) - feeAdjustedOf(view, kind, object);
  if (amount === 0n) return undefined;
  const lines = adjustedLines({ amount, currency, owner: ownerOf(line.payment), rail });
  const facts = booked(view, lines, `Fee of ${object} as ${rail} reports it`, context, index);
  const feeAdjustment: FeeAdjustmentFacts = {
    ...{
      amount: String(amount),
      currency,
      expected: line.expected,
      kind,
      livemode,
      object,
      rail,
      railReference,
    },
    connectedAccount: line.payment.connectedAccount ?? null,
    reported: fee,
  };
  return { type: 'FeeAdjusted', data: { ...facts, feeAdjustment } };
}

/** What is booked of a line of a rail's report. */
interface BookedLine {
  readonly expected: string;
  readonly payment: PaymentFacts;
  readonly rail: string;
  readonly railReference: string | null;
}
type Named = Pick<FeeOfRail, 'kind' | 'object'>;

function lineOf(view: PaymentsView, { kind, object }: Named): BookedLine | undefined {
  const payment = paymentOfLine(view, { kind, object });
  const attempt = payment?.attempt ?? null;
  if (payment === undefined || attempt === null) return undefined;
  const { rail } = attempt;
  switch (kind) {
    case 'payment':
      if (payment.status !== 'succeeded') return undefined;
      return { expected: payment.fee, payment, rail, railReference: attempt.railReference };
    case 'refund': {
      const refund = refundOf(view, object);
      if (refund?.status !== 'succeeded') return undefined;
      return { expected: '0', payment, rail, railReference: refund.railReference };
    }
    case 'dispute':
    case 'dispute_fee':
    case 'dispute_reversal': {
      const dispute = disputeOf(view, object);
      if (dispute === undefined || (kind === 'dispute_reversal' && dispute.status !== 'won'))
        return undefined;
      const { fee, railReference } = dispute;
      return { expected: kind === 'dispute_fee' ? fee : '0', payment, rail: dispute.rail, railReference };
    }
  }
}

function paymentOfLine(view: PaymentsView, { kind, object }: Named): PaymentFacts | undefined {
  if (kind === 'payment') return paymentOf(view, object);
  const of = kind === 'refund' ? refundOf(view, object) : disputeOf(view, object);
  return of === undefined ? undefined : paymentOf(view, of.payment);
}

/** Keys of the records that deciding it reads, as far as the view tells. */
export const adjustFeesReads = (
  view: PaymentsView,
  { fees, rail }: { readonly fees: readonly ReportedFee[]; readonly rail: string },
): readonly string[] => fees.flatMap((fee) => adjustFeeReads(view, { ...fee, rail }));

function adjustFeeReads(view: PaymentsView, reported: FeeOfRail): readonly string[] {
  const { kind, object, rail } = reported;
  const own = [feeAdjustmentKey(kind, object), keyOf(reported)];
  const of = kind === 'refund' ? refundOf(view, object) : disputeOf(view, object);
  const payment = paymentOfLine(view, reported);
  if (payment === undefined) return [...own, ...(of === undefined ? [] : [paymentKey(of.payment)])];
  const { currency } = payment;
  const accounts = readsOfLines(adjustedAccounts(rail, currency, ownerOf(payment)));
  return [...own, paymentKey(payment.id), nettingKey(rail, currency), ...accounts];
}

function keyOf({ kind, object }: Named): string {
  if (kind === 'payment') return paymentKey(object);
  return kind === 'refund' ? refundKey(object) : disputeKey(object);
}
