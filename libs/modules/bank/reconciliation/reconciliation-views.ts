import { differenceTypes } from '@fintech-ledger/bank/domain';
import {
  constant,
  list,
  livemode,
  named,
  nullable,
  object,
  oneOf,
  position,
  text,
  time,
  whole,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';

export const openTypes = [
  'line_parked',
  'payout_unconfirmed',
  'refund_unconfirmed',
  'return_unconfirmed',
] as const;
export type OpenType = (typeof openTypes)[number];

const signed = (description: string, example = '10000') =>
  text(`${description} In minor units, may be below zero.`, example);
const totals = (description: string) =>
  object(
    {
      lines: whole('How many lines.', 12),
      gross: signed('Their sum before fees.', '120000'),
      fee: signed(
        'Their fees: booked, what was expected, and adjusted since; reported, what it took.',
        '320',
      ),
      net: signed('Their sum after fees.', '119680'),
    },
    description,
  );
const side = (description: string) =>
  nullable(
    object({ gross: signed('Before the fee.'), fee: signed('The fee.', '320') }, description),
    'value',
  );
const since = time('Since when it is so, by the clock of the environment.');
const age = whole('How many whole days that is.', 3);
const currency = text('ISO 4217.', 'EUR');
const difference = object({
  type: oneOf(
    '`missing_in_books`: it is reported, and not booked. `missing_at_rail`: the other way round. ' +
      '`amount_differs`, `fee_differs`: both have it, and not the same. `statement_incomplete`: the lines booked ' +
      'of a statement do not come to how it moved. `statement_missing`: the balance moved between two.',
    differenceTypes,
    'fee_differs',
  ),
  kind: text('`payment`, `refund`, `dispute`, `dispute_fee`, `dispute_reversal` or `statement`.', 'payment'),
  object: nullable(text('What it is of; null: the books have nothing of it.', 'pay_1')),
  rail_reference: nullable(text("The rail's own id of it, or the bank's of the statement.", 'ch_1')),
  booked: side('What is booked; null: nothing.'),
  reported: side('What is reported; null: nothing.'),
  difference: signed('What is reported less what is booked, each after its fee.', '-1'),
  since,
  age_days: age,
});
const adjustment = object({
  kind: text('`payment`, `refund`, `dispute`, `dispute_fee` or `dispute_reversal`.', 'payment'),
  object: text('What it is of.', 'pay_1'),
  rail_reference: text("The rail's own id of it.", 'ch_1'),
  expected: signed('The fee that was expected of the rail.', '320'),
  fee: signed('The fee that is booked by now, as the rail reported it.', '350'),
  balance_transactions: list(
    text('A line of type `adjustment`.', 'bt_1'),
    'The lines that adjusted it, in their order.',
  ),
  since,
  age_days: age,
});
const open = object({
  type: oneOf(
    '`line_parked`: a statement has it, and it is for nothing yet. The bank is told of the others, or is to be, and ' +
      'no statement has them.',
    openTypes,
    'line_parked',
  ),
  object: text('The line, payout or refund.', 'bsl_1'),
  amount: signed('How much.'),
  since,
  age_days: age,
});

export const reconciliationShape = named(
  'Reconciliation',
  'What the books hold against what rails and banks report.',
  object({
    object: constant('reconciliation'),
    from: time('From when on lines count; inclusive.'),
    to: time('Until when; exclusive.'),
    data: list(
      object({
        rail: text('The rail.', 'simulator'),
        currency,
        account: text(
          'Where the books have its money until it is settled, or applied.',
          'payments:rails:simulator:clearing:EUR',
        ),
        booked: totals('What the books have of it.'),
        reported: totals('What the rail, or the statements of banks, report.'),
        difference: signed(
          'What is reported less what is booked, after fees: the sum of `differences`.',
          '0',
        ),
        differences_total: whole('How many there are.', 0),
        differences: list(difference, 'The oldest 100.'),
        adjustments_total: whole('How many lines have a fee that was adjusted.', 0),
        adjustments: list(
          adjustment,
          'What explains a fee that was not the expected one, see `adjustFees`: the oldest 100.',
        ),
        open_total: whole('How many there are.', 1),
        open: list(
          open,
          'What is in the books and not explained, or not confirmed, whenever it came: the oldest 100.',
        ),
      }),
      'By rail and currency; nothing where there is nothing.',
    ),
    livemode,
    position,
  }),
);
export type ReconciliationView = Omit<ViewOf<typeof reconciliationShape>, 'position'>;
