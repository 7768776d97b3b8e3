import { BrokenInvariant } from '@fintech-ledger/contract';
import { feeAdjustedOf, feeAdjustmentKey, nettingKey, nettingOf } from '../records';
import type { PaymentsChange, PaymentsView } from '../records';
import type { FeeAdjustmentEvent } from './fee-adjustment-events';

/** The line has the reported fee, and the rail keeps the difference back. @throws BrokenInvariant it has another one */
export function evolveFeeAdjustment(
  view: PaymentsView,
  { data: { feeAdjustment } }: FeeAdjustmentEvent,
): readonly PaymentsChange[] {
  const { amount: more, currency, expected, kind, object, rail, reported } = feeAdjustment;
  const adjusted = feeAdjustedOf(view, kind, object) + BigInt(more);
  if (BigInt(expected) + adjusted !== BigInt(reported))
    throw new BrokenInvariant(
      `the ${kind} ${object} has a fee of ${expected} and ${adjusted}, not ${reported}`,
    );
  const kept = nettingOf(view, rail, currency) + BigInt(more);
  return [
    { key: feeAdjustmentKey(kind, object), record: { kind: 'feeAdjustment', amount: String(adjusted) } },
    { key: nettingKey(rail, currency), record: { kind: 'netting', amount: String(kept) } },
  ];
}
