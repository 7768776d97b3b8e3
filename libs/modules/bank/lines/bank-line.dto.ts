import { bankLineNotFound, directions, lineStatuses } from '@fintech-ledger/bank/domain';
import {
  asOfRule,
  Described,
  Is,
  Nullable,
  oneOfRule,
  Optional,
  PageQuery,
  textRule,
  timeRule,
} from '@fintech-ledger/http';
import type { PathParameter } from '@fintech-ledger/http';
import { currencyRule } from '@fintech-ledger/payments/nest';

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

@Described('What a line is for: one of these.')
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
