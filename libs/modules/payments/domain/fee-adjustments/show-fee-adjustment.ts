import { digits, object, oneOf, text } from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import type { BookingFacts } from '@fintech-ledger/ledger/domain';
import { lineIdOf } from '../balance-line';
import { currency } from '../view-members';
import { railLineKinds } from './fee-adjustment-facts';
import type { FeeAdjustmentFacts } from './fee-adjustment-facts';

export const feeAdjustmentShape = object({
  rail: text('The rail that reports it.', 'simulator'),
  kind: oneOf('Which line of its report.', railLineKinds, 'payment'),
  object: text('The payment, refund or dispute.', 'pay_1'),
  rail_reference: text("The rail's own id of it.", 'ch_1'),
  currency,
  expected: digits('The fee that was booked with it, in minor units.', '320'),
  reported: digits(
    'The fee that the rail reports, in minor units; below zero: it gives something back.',
    '350',
  ),
  amount: digits(
    'What the rail takes more than was booked until then, in minor units; below zero: less.',
    '30',
  ),
  balance_transaction: text('The line of the balance of who bears it, of type `adjustment`.', 'bt_1'),
});
export type FeeAdjustmentView = ViewOf<typeof feeAdjustmentShape>;

interface Booked {
  readonly feeAdjustment: FeeAdjustmentFacts;
  readonly transaction: BookingFacts['transaction'];
}
export function showFeeAdjustment({ feeAdjustment, transaction }: Booked): FeeAdjustmentView {
  const { amount, currency: code, expected, kind, object: of, rail, railReference, reported } = feeAdjustment;
  return {
    ...{ rail, kind, object: of, rail_reference: railReference, currency: code, expected, reported, amount },
    balance_transaction: lineIdOf(transaction),
  };
}
