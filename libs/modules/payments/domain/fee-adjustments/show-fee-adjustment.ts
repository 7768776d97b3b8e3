import {
  answered,
  constant,
  digits,
  flag,
  list,
  livemode,
  named,
  object,
  oneOf,
  text,
  time,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import type { BookingFacts } from '@fintech-ledger/ledger/domain';
import { lineIdOf } from '../balance-line';
import { currency } from '../view-members';
import { railLineKinds } from './fee-adjustment-facts';
import type { FeeAdjustmentFacts, FeeComparisonFacts } from './fee-adjustment-facts';

const feeAdjustmentShape = object({
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
type FeeAdjustmentView = ViewOf<typeof feeAdjustmentShape>;

export const feeAdjustmentsShape = named(
  'FeeAdjustments',
  'Fees that were booked as rails report them.',
  object({
    object: constant('fee_adjustments'),
    from: time('From when on lines count; inclusive.'),
    to: time('Until when; exclusive.'),
    data: list(
      feeAdjustmentShape,
      'What was booked by this request; nothing where the fees are as reported.',
    ),
    has_more: flag('Whether there are more than one request books: send another one.', false),
    livemode,
    ...answered,
  }),
);
type FeeAdjustmentsView = Omit<ViewOf<typeof feeAdjustmentsShape>, keyof typeof answered>;

interface Booked {
  readonly feeAdjustment: FeeAdjustmentFacts;
  readonly transaction: BookingFacts['transaction'];
}
/** What was asked for, with what was booked of it. */
export const showFeeAdjustments = (
  { from, hasMore, livemode, to }: FeeComparisonFacts,
  adjusted: readonly Booked[],
): FeeAdjustmentsView => ({
  object: 'fee_adjustments',
  ...{ from, to, data: adjusted.map(showFeeAdjustment), has_more: hasMore, livemode },
});

function showFeeAdjustment({ feeAdjustment, transaction }: Booked): FeeAdjustmentView {
  const { amount, currency: code, expected, kind, object: of, rail, railReference, reported } = feeAdjustment;
  return {
    ...{ rail, kind, object: of, rail_reference: railReference, currency: code, expected, reported, amount },
    balance_transaction: lineIdOf(transaction),
  };
}
