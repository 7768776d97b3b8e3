import { bankLineNotFound, directions, lineStatuses, objectsOfLineMax } from '@fintech-ledger/bank/domain';
import {
  asOfRule,
  Described,
  descriptionRule,
  Is,
  ListOfValues,
  Nullable,
  oneOfRule,
  Optional,
  PageQuery,
  textRule,
  timeRule,
} from '@fintech-ledger/http';
import type { PathParameter } from '@fintech-ledger/http';
import { bankChargeKinds } from '@fintech-ledger/payments/domain';
import type { BankChargeKind } from '@fintech-ledger/payments/domain';
import { amountRule, currencyRule } from '@fintech-ledger/payments/nest';

const lineStatusRule = oneOfRule('bank_line_status', lineStatuses);
const directionRule = oneOfRule('bank_line_direction', directions);
const statementIdRule = textRule(
  'bank_statement_id',
  'invalid_parameter',
  "the id of a statement, such as 'bst_1'",
  /^bst_[A-Za-z0-9]{1,64}$/,
);
const paymentIdRule = textRule(
  'payment_of_line',
  'invalid_value',
  "the id of a payment, such as 'pay_1'",
  /^pay_[A-Za-z0-9_-]{1,64}$/,
);
const payoutIdRule = textRule(
  'payout_of_line',
  'invalid_value',
  "the id of a payout, such as 'po_1'",
  /^po_[A-Za-z0-9_-]{1,64}$/,
);
const refundIdRule = textRule(
  'refund_of_line',
  'invalid_value',
  "the id of a refund, such as 're_1'",
  /^re_[A-Za-z0-9_-]{1,64}$/,
);
const returnedLineRule = textRule(
  'line_of_line',
  'invalid_value',
  "the id of a line, such as 'bsl_1'",
  /^bsl_[A-Za-z0-9]{1,64}$/,
);
export const bankLineParameter: PathParameter = {
  name: 'bankLine',
  description: 'The id of the line.',
  pattern: /^bsl_[A-Za-z0-9]{1,64}$/,
  refusal: bankLineNotFound,
  detail: 'There is no such line.',
};

const objectRule = textRule(
  'object_of_line',
  'invalid_value',
  "the id of a payment, refund, payout or line, such as 'po_1'",
  /^(?:pay|re|po|bsl)_[A-Za-z0-9_-]{1,64}$/,
);
const differenceRule = textRule(
  'line_difference',
  'invalid_amount',
  'a string of 1 to 36 digits without a leading zero, in minor units, with a minus where the line is less',
  /^(?:0|-?[1-9][0-9]{0,35})$/,
);
const ownRule = oneOfRule('own_line', bankChargeKinds);

@Described(
  'What a line is for: one of `payment`, `refund`, `payout`, `bank_statement_line`, `objects` and `own`. With ' +
    '`objects`, `own`, `amount` or `difference` it has to come out exactly.',
)
export class MatchBankLineDto {
  @Is(paymentIdRule, 'The payment that waits for it. Of a line that came in.')
  @Nullable()
  declare readonly payment?: string | null;

  @Is(refundIdRule, 'The refund that it is: of a line that left; or that came back: of one that came.')
  @Nullable()
  declare readonly refund?: string | null;

  @Is(payoutIdRule, 'The payout that it is: of a line that left; or that came back: of one that came.')
  @Nullable()
  declare readonly payout?: string | null;

  @Is(returnedLineRule, 'The returned line whose money left with it. Of a line that left.')
  @Nullable()
  declare readonly bank_statement_line?: string | null;

  @ListOfValues(
    objectRule,
    { min: 1, max: objectsOfLineMax },
    'Several of these together, each of its whole amount: `pay_…`, `re_…`, `po_…`, `bsl_…`.',
  )
  @Optional()
  declare readonly objects?: readonly string[];

  @Is(
    ownRule,
    'It is for none of them, and the platform’s own: a `fee` that the bank takes, or gives back, or `interest` that ' +
      'it pays, or takes.',
  )
  @Nullable()
  declare readonly own?: BankChargeKind | null;

  @Is(amountRule, 'How much of what is left of it is meant, in minor units; all when it is left out.')
  @Nullable()
  declare readonly amount?: string | null;

  @Is(
    differenceRule,
    'How much more the line is than what it is for, in minor units; below zero: how much less. A fee of a bank, ' +
      'which the platform bears.',
  )
  @Nullable()
  declare readonly difference?: string | null;

  @Is(descriptionRule, 'What the difference, or `own`, is. Nothing personal: it is kept for ever.')
  @Nullable()
  declare readonly description?: string | null;
}

export class BankAsOfQuery {
  @Is(asOfRule, 'As it was then, inclusive: a time, or a position `<ledger>@<revision>`.')
  @Optional()
  declare readonly as_of?: string;
}

export class BankLinesQuery extends PageQuery {
  @Is(lineStatusRule, 'Only lines with this status.')
  @Optional()
  declare readonly status?: string;

  @Is(directionRule, 'Only lines that came in, or that left.')
  @Optional()
  declare readonly direction?: string;

  @Is(currencyRule, 'Only lines in this currency.')
  @Optional()
  declare readonly currency?: string;

  @Is(statementIdRule, 'Only lines of this statement.')
  @Optional()
  declare readonly statement?: string;

  @Is(paymentIdRule, 'Only lines that wait for the rest of this payment, or were for it.')
  @Optional()
  declare readonly payment?: string;

  @Is(timeRule, 'Only lines that were imported from this time on.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only lines that were imported before this time.')
  @Optional()
  declare readonly to?: string;
}
