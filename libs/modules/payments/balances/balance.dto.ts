import { Is, Optional, oneOfRule, PageQuery, textRule, timeRule } from '@fintech-ledger/http';
import { balanceLineTypes, lineStatuses } from '@fintech-ledger/payments/domain';
import { currencyRule } from '../payments/payment-rules';

const typeRule = oneOfRule('balance_transaction_type', balanceLineTypes);
const statusRule = oneOfRule('balance_transaction_status', lineStatuses);
const sourceRule = textRule(
  'balance_transaction_source',
  'invalid_parameter',
  "an id, such as 'pay_1'",
  /^[a-z]{2,4}_[A-Za-z0-9_-]{1,64}$/,
);

export class BalanceTransactionsQuery extends PageQuery {
  @Is(typeRule, 'Only lines of this type.')
  @Optional()
  declare readonly type?: string;

  @Is(statusRule, 'Only lines with this status.')
  @Optional()
  declare readonly status?: 'pending' | 'available';

  @Is(currencyRule, 'Only lines in this currency.')
  @Optional()
  declare readonly currency?: string;

  @Is(sourceRule, 'Only lines that this payment, refund or other object brought about.')
  @Optional()
  declare readonly source?: string;

  @Is(timeRule, 'Only lines that were booked from this time on.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only lines that were booked before this time.')
  @Optional()
  declare readonly to?: string;
}
